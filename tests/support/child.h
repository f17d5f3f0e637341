#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

namespace support {

// Work for a process of its own: what would harm the tests' own process (other users, limits,
// signals, kills) is done in a child. It says how it went by the text that it returns.
using ChildWork = std::function<std::string()>;

// What the child returned; "threw: ..." for an exception that it did not catch, "killed by signal
// N" and "exited with N" when it ended in another way.
std::string in_child(const ChildWork& work);

// The same in two steps, for a test that does something meanwhile.
class Child {
 public:
  explicit Child(const ChildWork& work);
  // The child gets a new pseudo terminal as its controlling one, and as standard input; what it
  // prints goes nowhere, so that only what it writes to /dev/tty can be read from terminal().
  struct OnTerminal {};
  Child(OnTerminal, const ChildWork& work);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  int terminal() const { return terminal_; }
  void hang_up();                  // the terminal
  std::string wait();              // until it ended
  std::string result(int status);  // for who waited by himself

 private:
  void share();
  [[noreturn]] void run(const ChildWork& work);

  pid_t pid_ = -1;
  int terminal_ = -1;
  char* shared_ = nullptr;
};

// In a child: from here on an ordinary user (65534) where it was root.
void become_ordinary_user();
// In a child of a single thread: may mount what nobody else sees. False where the system forbids
// it.
bool own_mounts();

// Called before each system call of a traced child, with its number.
struct Verdict {
  enum Kind { go, kill, fail } kind = go;
  int error = 0;  // fail: the call is not made and seems to have returned this errno
};
using OnSystemCall = std::function<Verdict(long number)>;

bool can_trace();
// in_child() under PTRACE_SYSCALL.
std::string in_traced_child(const ChildWork& work, const OnSystemCall& on_call);

}  // namespace support

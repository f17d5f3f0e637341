#include "support/child.h"

#include "support/scratch.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <pty.h>
#include <sched.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

namespace support {
namespace {

constexpr std::size_t shared_size = 65536;

}  // namespace

// The result comes through shared memory: it still gets out where files cannot be written.
void Child::share() {
  void* memory =
      mmap(nullptr, shared_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no shared memory");
  shared_ = static_cast<char*>(memory);
}

void Child::run(const ChildWork& work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::string text;
  try {
    text = work();
  } catch (const std::exception& error) {
    text = std::string("threw: ") + error.what();
  }
  std::strncpy(shared_, text.c_str(), shared_size - 1);
  _exit(0);
}

Child::Child(const ChildWork& work) {
  share();
  pid_ = fork();
  if (pid_ == 0) run(work);
  if (pid_ < 0) throw std::runtime_error("no child process");
}

Child::Child(OnTerminal, const ChildWork& work) {
  share();
  pid_ = forkpty(&terminal_, nullptr, nullptr, nullptr);
  if (pid_ == 0) {
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    run(work);
  }
  if (pid_ < 0) throw std::runtime_error("no child process on a terminal");
}

Child::~Child() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (terminal_ >= 0) close(terminal_);
  munmap(shared_, shared_size);
}

void Child::hang_up() {
  close(terminal_);
  terminal_ = -1;
}

std::string Child::wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  return result(status);
}

std::string Child::result(int status) {
  pid_ = -1;
  if (WIFSIGNALED(status)) return "killed by signal " + std::to_string(WTERMSIG(status));
  if (WEXITSTATUS(status) != 0) return "exited with " + std::to_string(WEXITSTATUS(status));
  return shared_;
}

void become_ordinary_user() {
  if (geteuid() != 0) return;
  constexpr id_t nobody = 65534;
  if (setgroups(0, nullptr) != 0 || setresgid(nobody, nobody, nobody) != 0 ||
      setresuid(nobody, nobody, nobody) != 0) {
    throw std::runtime_error("cannot become an ordinary user");
  }
}

bool own_mounts() {
  const std::string user = std::to_string(geteuid());
  const std::string group = std::to_string(getegid());
  if (geteuid() == 0) {
    if (unshare(CLONE_NEWNS) != 0) return false;
  } else {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", user + " " + user + " 1");
    write_file("/proc/self/gid_map", group + " " + group + " 1");
  }
  return mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

std::string in_child(const ChildWork& work) { return Child(work).wait(); }

bool can_trace() {
#ifdef __x86_64__
  return in_child([] { return ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 ? "yes" : "no"; }) == "yes";
#else
  return false;  // the registers that follow are x86-64's
#endif
}

std::string in_traced_child(const ChildWork& work, const OnSystemCall& on_call) {
#ifdef __x86_64__
  Child child([&work]() -> std::string {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    std::string text = work();
    // The rest is not part of the work.
    raise(SIGSTOP);
    return text;
  });
  const pid_t pid = child.pid();
  int status = 0;
  waitpid(pid, &status, 0);
  ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  for (bool entering = true;; entering = !entering) {
    Verdict verdict;
    ptrace(PTRACE_SYSCALL, pid, 0, 0);
    waitpid(pid, &status, 0);
    if (!WIFSTOPPED(status)) return child.result(status);
    if (WSTOPSIG(status) == SIGSTOP) break;
    if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
      entering = !entering;  // another signal: none is expected
      continue;
    }
    if (!entering) continue;
    user_regs_struct registers = {};
    ptrace(PTRACE_GETREGS, pid, 0, &registers);
    verdict = on_call(static_cast<long>(registers.orig_rax));
    if (verdict.kind == Verdict::kill) {
      kill(pid, SIGKILL);
      waitpid(pid, &status, 0);
      return child.result(status);
    }
    if (verdict.kind == Verdict::fail) {
      registers.orig_rax = static_cast<unsigned long long>(-1);  // no such call: it is not made
      ptrace(PTRACE_SETREGS, pid, 0, &registers);
      ptrace(PTRACE_SYSCALL, pid, 0, 0);
      waitpid(pid, &status, 0);
      ptrace(PTRACE_GETREGS, pid, 0, &registers);
      registers.rax = static_cast<unsigned long long>(-static_cast<long long>(verdict.error));
      ptrace(PTRACE_SETREGS, pid, 0, &registers);
      entering = false;
    }
  }
  ptrace(PTRACE_DETACH, pid, 0, 0);
  return child.wait();
#else
  (void)on_call;
  return in_child(work);
#endif
}

}  // namespace support

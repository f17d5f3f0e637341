#pragma once

#include "base/secret.h"
#include "os/interrupt.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace os {

// What an update did beside the edit: for a word to the user.
struct UpdateReport {
  bool tightened = false;  // group or others could read the file and cannot any more
  bool in_place = false;   // the file is a mount point: it was written in place, not replaced
  bool unlocked = false;   // the file system has no locks; the update went on without one
};

// How an update to come looks.
enum class Writability {
  free,
  in_use,  // another program has the file open for writing; an update would wait for it
};

class Files {
 public:
  using Edit = std::function<base::WipedString(base::WipedString)>;

  virtual ~Files() = default;
  // The file's bytes, not those of a writer who is half-way, as far as can be known; nothing when
  // it is not there. Throws Error{failed} when it cannot be read.
  virtual std::optional<base::WipedString> read(const std::string& path) = 0;
  // Replaces the file by what `edit` makes of its bytes (of none, when it is not there; the folder
  // is made too). Whoever reads sees the old file or the new one, never a part, even if this
  // process is killed. Symbolic links are followed and stay; mode and owner stay, but group and
  // others lose their access; a new file gets 0600. A file that is a mount point of its own cannot
  // be replaced: it is written in place (os/overwrite). A file that stays the same to the byte, and
  // that only its owner can read, is left as it is. `edit` runs again when the file changes under
  // it by a program that does not take the lock. Throws Error{failed}, with the file as it was, and
  // whatever `edit` throws. It fails too when another program keeps the file open for writing.
  virtual UpdateReport update(const std::string& path, const Edit& edit) = 0;
  // A lock among our own processes, let go of with the object or with the process.
  class Lock {
   public:
    virtual ~Lock() = default;
  };
  // The lock of that name; its folder is made. Nothing when another process has held it for
  // `longest`. Where the file system has no locks it is given to everybody. Throws Error{failed},
  // Interrupted.
  virtual std::unique_ptr<Lock> lock(const std::string& path,
                                     std::chrono::milliseconds timeout) = 0;
  // Throws Error{failed} where it can be seen that update() would fail. Waits for nobody and
  // changes nothing.
  virtual Writability check_writable(const std::string& path) = 0;
  // The folder lies in memory and is nobody's but ours: what is in it is gone at logout and never
  // reaches a disk.
  virtual bool is_private_memory(const std::string& folder) = 0;
  // A folder of this user's alone that needs neither a home nor a login session: in /dev/shm, else
  // in /tmp. `make`: it is made where it does not exist. Empty where there is none.
  virtual std::string private_temporary_folder(bool make) = 0;
};

// How long other programs are waited for.
struct FileTimeouts {
  std::chrono::milliseconds lock{60'000};    // an update of another process of ours
  std::chrono::milliseconds writer{10'000};  // somebody who writes in place, before an update
  std::chrono::milliseconds reader{1'000};   // the same, before a mere look
};

// Every wait ends with Interrupted when a signal comes.
class SystemFiles : public Files {
 public:
  explicit SystemFiles(const Interrupt& interrupt, FileTimeouts timeout = {})
      : interrupt_(interrupt), timeout_(timeout) {}
  std::optional<base::WipedString> read(const std::string& path) override;
  UpdateReport update(const std::string& path, const Edit& edit) override;
  std::unique_ptr<Lock> lock(const std::string& path, std::chrono::milliseconds timeout) override;
  Writability check_writable(const std::string& path) override;
  bool is_private_memory(const std::string& folder) override;
  std::string private_temporary_folder(bool make) override;

 private:
  const Interrupt& interrupt_;
  FileTimeouts timeout_;
};

}  // namespace os

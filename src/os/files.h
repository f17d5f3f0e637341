#pragma once

#include "base/secret.h"
#include "os/interrupt.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace os {

// What an update did besides the edit, so that the user can be told.
struct UpdateReport {
  bool tightened = false;  // group or others could read the file and no longer can
  bool in_place = false;   // the file is a mount point: it was written in place, not replaced
  bool unlocked = false;   // the file system has no locks; the update was made without one
};

// Whether an update can be expected to succeed.
enum class Writability {
  free,
  in_use,  // another program has the file open for writing; an update would wait for it
};

class Files {
 public:
  using Edit = std::function<base::WipedString(base::WipedString)>;

  virtual ~Files() = default;
  // The bytes of the file; nothing where it does not exist. As far as can be known they are not
  // those of a writer who is halfway through. A temporary file that a killed update left beside it
  // is removed. Throws Error{failed} when the file cannot be read, is a device, or is larger than
  // 64 MiB.
  virtual std::optional<base::WipedString> read(const std::string& path) = 0;
  // Replaces the file by what `edit` makes of its bytes (of none where the file does not exist; its
  // folder is made too). Whoever reads sees the old file or the new one, never a part, even if this
  // process is killed. Symbolic links are followed and stay. Mode and owner stay, except that group
  // and others lose their access; a new file gets mode 0600, and the owner of the folder where root
  // makes it. A file that is a mount point cannot be replaced and is written in place
  // (os/overwrite). A file that does not change, and that only its owner can read, is left alone.
  // `edit` runs again when a program that does not take the lock changes the file meanwhile. Throws
  // Error{failed}, with the file as it was, and whatever `edit` throws. An update also fails when
  // another program keeps the file open for writing, or is stopped while it holds the lock.
  virtual UpdateReport update(const std::string& path, const Edit& edit) = 0;
  // A lock among our own processes, released with the object or at the end of the process.
  class Lock {
   public:
    virtual ~Lock() = default;
  };
  // The lock of that name; its folder is made. Nothing when another process still holds it after
  // `timeout`. On a file system without locks everybody gets it. Throws Error{failed}, Interrupted.
  virtual std::unique_ptr<Lock> lock(const std::string& path,
                                     std::chrono::milliseconds timeout) = 0;
  // Throws Error{failed} where it is clear that update() would fail. Waits for nobody and changes
  // nothing.
  virtual Writability check_writable(const std::string& path) = 0;
  // Whether the folder is in memory and ours alone: what is in it disappears at logout and never
  // reaches a disk.
  virtual bool is_private_memory(const std::string& folder) = 0;
  // A folder of this user's alone that needs neither a home nor a login session: in /dev/shm, else
  // in /tmp. `make`: it is made where it does not exist. Empty where there is none.
  virtual std::string private_temporary_folder(bool make) = 0;
  // Why nothing may be kept in the folder; nothing where it may (os/private_folder).
  virtual std::optional<std::string> private_folder_problem(const std::string& folder) = 0;
};

// How long to wait for other programs.
struct FileTimeouts {
  std::chrono::milliseconds lock{60'000};    // for another process of ours, which updates the file
  std::chrono::milliseconds writer{10'000};  // for a program that writes in place, before an update
  std::chrono::milliseconds reader{1'000};   // the same, before the file is only read
  std::chrono::milliseconds pipe{30'000};    // for whoever writes to a pipe that is read
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
  std::optional<std::string> private_folder_problem(const std::string& folder) override;

 private:
  base::WipedString read_pipe(const std::string& path);
  void remove_stray(const std::string& path);

  const Interrupt& interrupt_;
  FileTimeouts timeout_;
  std::map<std::string, base::Secret> pipes_;  // what came from them, for it comes only once
};

}  // namespace os

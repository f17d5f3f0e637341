#pragma once

#include "base/secret.h"
#include "os/interrupt.h"

#include <functional>
#include <optional>
#include <string>

namespace os {

// What an update did beside the edit: for a word to the user.
struct UpdateReport {
  bool tightened = false;  // group or others could read the file and cannot any more
  bool unlocked = false;   // the file system has no locks; the update went on without one
};

class Files {
 public:
  using Edit = std::function<base::WipedString(const base::WipedString&)>;

  virtual ~Files() = default;
  // The file's bytes; nothing when it is not there. Throws Error{failed} when it cannot be read.
  virtual std::optional<base::WipedString> read(const std::string& path) = 0;
  // Replaces the file by what `edit` makes of its bytes (of none, when it is not there; the folder
  // is made too). Whoever reads sees the old file or the new one, never a part, even if this
  // process is killed. Symbolic links are followed and stay; mode and owner stay, but group and
  // others lose their access; a new file gets 0600. `edit` runs again when the file changes under
  // it by a program that does not take the lock. Throws Error{failed}, with the file as it was, and
  // whatever `edit` throws.
  virtual UpdateReport update(const std::string& path, const Edit& edit) = 0;
  // The folder lies in memory and is nobody's but ours: what is in it is gone at logout and never
  // reaches a disk.
  virtual bool is_private_memory(const std::string& folder) = 0;
};

class SystemFiles : public Files {
 public:
  explicit SystemFiles(const Interrupt& interrupt) : interrupt_(interrupt) {}
  std::optional<base::WipedString> read(const std::string& path) override;
  // Throws Error{interrupted} too, but only while it waits for the lock.
  UpdateReport update(const std::string& path, const Edit& edit) override;
  bool is_private_memory(const std::string& folder) override;

 private:
  const Interrupt& interrupt_;
};

}  // namespace os

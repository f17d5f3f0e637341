#pragma once

#include "os/descriptor.h"
#include "os/snapshot.h"

#include <string>
#include <string_view>

namespace os {

// The name of a file's replacement is the file's with this; see Replacement.
inline constexpr const char* temporary_suffix = ".aws-session-token.tmp";

// The new contents of a file under a name of their own, until commit() gives them the name of the
// target. Whatever has the temporary name at the end is removed.
class Replacement {
 public:
  Replacement(const std::string& target, bool locked);
  ~Replacement();
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  // Owner and mode are those of `old`, without access for group and others. A new file that root
  // makes gets the owner of its folder.
  void fill(std::string_view bytes, const Snapshot& old);
  // Replaces `old`. False, with everything as it was, when another program has put another file in
  // its place, has written to it, or waits to do so.
  bool commit(const Snapshot& old);

 private:
  void set_owner(const Snapshot& old);
  bool create();
  bool exchange(const Snapshot& old);
  bool replace(const Snapshot& old);
  void put_back();
  void flush_folder() const;

  std::string target_;
  std::string path_;
  Descriptor fd_;
};

}  // namespace os

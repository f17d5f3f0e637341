#pragma once

#include "os/descriptor.h"
#include "os/snapshot.h"

#include <string>
#include <string_view>

namespace os {

// The new contents of a file under a name of their own, until commit() gives them the target's.
// Whatever has that name at the end is removed.
class Replacement {
 public:
  Replacement(const std::string& target, bool locked);
  ~Replacement();
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  // Owner and mode are those of `old`, without access for group and others.
  void fill(std::string_view bytes, const Snapshot& old);
  // Puts them in the place of `old`. False, with everything as it was, when another program has put
  // something else there, or has written into it, or waits to do so.
  bool commit(const Snapshot& old);

 private:
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

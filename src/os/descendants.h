#pragma once

namespace os {

// While one exists, processes whose parent ends become children of this process, and at its end
// those that run still are ended. What has left our session on purpose, as daemons do (gpg-agent),
// is left alone.
class Descendants {
 public:
  Descendants();
  ~Descendants();
  Descendants(const Descendants&) = delete;
  Descendants& operator=(const Descendants&) = delete;
};

}  // namespace os

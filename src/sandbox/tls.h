#pragma once

#include "os/http_server.h"

#include <memory>
#include <string>

namespace sandbox {

// A certificate authority and a certificate for 127.0.0.1 and localhost, both made here and now
// (ECDSA, P-256) and gone with the process: the keys are in memory only. TLS 1.2 and 1.3.
class Tls {
 public:
  Tls();  // throws Error{failed}
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  const std::string& ca_pem() const { return ca_pem_; }
  // The layer for os::HttpServer. Valid as long as this object.
  os::WrapStream layer() const;

 private:
  struct Context;
  std::string ca_pem_;
  std::unique_ptr<Context> context_;
};

}  // namespace sandbox

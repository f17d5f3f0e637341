#pragma once

#include "os/http.h"
#include "os/interrupt.h"

#include <memory>
#include <string>

namespace os {

// HTTPS by libcurl, TLS 1.2 at least, certificates always verified. Opened by its soname at the
// first request, because linking it would cost five milliseconds at every start. HTTPS_PROXY,
// NO_PROXY and their lower-case forms are honoured by libcurl itself, except towards this machine.
// One connection is kept for the next request to the same origin.
class CurlHttpClient : public HttpClient {
 public:
  explicit CurlHttpClient(const Interrupt& interrupt);
  ~CurlHttpClient() override;
  void trust(const std::string& ca_bundle) override { ca_bundle_ = ca_bundle; }
  HttpResult send(const base::HttpRequest& request) override;

 private:
  struct State;
  const Interrupt& interrupt_;
  std::string ca_bundle_;
  std::unique_ptr<State> state_;
};

}  // namespace os

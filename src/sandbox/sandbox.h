#pragma once

#include "base/http_message.h"
#include "os/clock.h"
#include "os/random.h"
#include "sandbox/faults.h"
#include "sandbox/federation.h"
#include "sandbox/operation.h"
#include "sandbox/world.h"

#include <chrono>
#include <mutex>
#include <string>

namespace sandbox {

struct Options {
  std::string region = "us-east-1";  // that STS answers for; IAM has one for each partition
  std::string world{default_world()};
  base::Seconds clock_skew{0};           // added to the clock, may be negative
  std::chrono::milliseconds latency{0};  // before every answer
  SessionLimits session_limits = {};
  bool extra_fields = false;  // elements that no client knows, in every result
};

// A small IAM and STS that really check, with the sign-in endpoint of the console. Thread-safe.
class Sandbox {
 public:
  // Throws Error{usage} when the world's document is wrong. `clock` and `random` must outlive it;
  // they are used from several threads, `random` under a lock.
  Sandbox(Options options, os::Clock& clock, os::Random& random);

  // Never throws for what a client sent. Status 0: drop the connection without an answer; a
  // Content-Length beyond the body's size: send what there is, then drop it.
  base::HttpResponse handle(const base::HttpRequest& request);

  // Throws Error{usage} when there is no such operation: such a fault would never be seen.
  void add_fault(Fault fault);

  // For the ready line and for tests; not to be called while requests are handled.
  const World& world() const { return world_; }
  const std::string& region() const { return options_.region; }
  base::Time now() { return clock_.now() + options_.clock_skew; }

 private:
  base::HttpResponse answer(const base::HttpRequest& request);
  base::HttpResponse answer_federation(const base::HttpRequest& request);
  base::HttpResponse process(const base::HttpRequest& request, const Parameters& parameters,
                             const Operation& operation);
  base::HttpResponse respond(const Service& service, int status, const std::string& request_id,
                             base::WipedString body);
  base::HttpResponse redirect();

  const Options options_;
  os::Clock& clock_;
  os::Random& random_;
  std::mutex mutex_;  // guards all below, and random_
  World world_;
  Federation federation_;
  Faults faults_;
};

}  // namespace sandbox

#pragma once

#include "app/config/connection.h"
#include "aws/api/call.h"
#include "aws/api/error.h"
#include "aws/model/credentials.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/http.h"
#include "os/messages.h"
#include "os/random.h"

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

namespace app {

// AWS's answer, its refusal, or no answer at all: the caller branches on them.
using Answer = std::variant<base::WipedString, aws::ApiError, os::HttpFailure>;

// The body of an answer; a refusal or a failure is thrown as the Error that explains it.
base::WipedString require(Answer answer, const aws::RequestFacts& facts);

// Makes calls to STS and IAM: signs, sends, tries again what may be tried again, and keeps the
// difference between this machine's clock and AWS's.
class AwsClient {
 public:
  AwsClient(Connection connection, os::HttpClient& http, os::Clock& clock, os::Random& random,
            os::Messages& messages)
      : connection_(std::move(connection)),
        http_(http),
        clock_(clock),
        random_(random),
        messages_(messages) {
    if (!connection_.ca_bundle.empty()) http_.trust(connection_.ca_bundle);
  }

  // A call that carries an MFA code is never sent again once a byte of it left this machine.
  // Everything else is repeated up to the connection's max_attempts: after throttling, 5xx and a
  // lost connection with growing, randomised pauses; after a refusal for the clock's sake once, at
  // once, signed with AWS's time. Throws Interrupted.
  Answer call(const aws::Call& call, const aws::SigningIdentity& identity) {
    return finish(start(call, identity), identity);
  }

  // The same in steps, with other work or a person's thinking between them.
  struct Pending {
    aws::Call call;
    std::unique_ptr<os::HttpExchange> exchange;  // nullptr: to be sent again once it is `due`
    base::Time sent;                             // by this machine's clock
    base::Seconds clock_offset{0};               // that it was signed with
    int attempt = 1;
    bool clock_corrected = false;
    std::chrono::milliseconds due{0};  // by the monotonic clock
  };
  Pending start(const aws::Call& call, const aws::SigningIdentity& identity);
  Answer finish(Pending pending, const aws::SigningIdentity& identity);

  // finish() taken apart, for many at once: waits for the exchange and returns the final answer, or
  // nothing where the call is to be sent again.
  std::optional<Answer> settle(Pending& pending);
  void send_again(Pending& pending, const aws::SigningIdentity& identity);

  const Connection& connection() const { return connection_; }
  // AWS's time by the last answer's Date; this machine's before the first.
  base::Time now() { return clock_.now() + clock_offset_; }
  // AWS's time less this machine's, as now() takes it into account.
  base::Seconds clock_offset() const { return clock_offset_; }
  bool knows_aws_time() const { return knows_aws_time_; }  // an answer had a Date

 private:
  std::unique_ptr<os::HttpExchange> send(const aws::Call& call,
                                         const aws::SigningIdentity& identity);
  os::HttpResult receive(const Pending& pending);
  void learn_clock_offset(const base::HttpResponse& response, base::Time received);
  bool may_repeat(const aws::Call& call, const Answer& answer) const;
  std::chrono::milliseconds pause_before(int attempt);

  Connection connection_;
  os::HttpClient& http_;
  os::Clock& clock_;
  os::Random& random_;
  os::Messages& messages_;
  base::Seconds clock_offset_{0};
  bool knows_aws_time_ = false;
};

}  // namespace app

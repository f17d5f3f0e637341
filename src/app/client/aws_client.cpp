#include "app/client/aws_client.h"

#include "aws/api/explanation.h"
#include "aws/api/sigv4.h"
#include "base/error.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {
namespace {

using namespace std::chrono_literals;

// AWS accepts signatures up to 15 minutes off; a smaller difference may be the answer's own
// journey.
constexpr base::Seconds tolerated_offset{60};
constexpr std::chrono::milliseconds first_pause{250};
constexpr std::chrono::milliseconds max_pause{5000};

}  // namespace

base::WipedString require(Answer answer, const aws::RequestFacts& facts) {
  if (const auto* refusal = std::get_if<aws::ApiError>(&answer)) throw explain(*refusal, facts);
  if (const auto* failure = std::get_if<os::HttpFailure>(&answer)) {
    throw base::Error(base::ErrorKind::failed, failure->what, failure->hints);
  }
  return std::move(std::get<base::WipedString>(answer));
}

AwsClient::Pending AwsClient::start(const aws::Call& call, const aws::SigningIdentity& identity) {
  Pending pending;
  pending.call = call;
  send_again(pending, identity);
  return pending;
}

Answer AwsClient::finish(Pending pending, const aws::SigningIdentity& identity) {
  for (;;) {
    if (auto answer = settle(pending)) return std::move(*answer);
    if (const auto wait = pending.due - clock_.monotonic(); wait.count() > 0) clock_.sleep(wait);
    send_again(pending, identity);
  }
}

void AwsClient::send_again(Pending& pending, const aws::SigningIdentity& identity) {
  pending.exchange = send(pending.call, identity);
  pending.clock_offset = clock_offset_;
  pending.sent = clock_.now();
}

std::optional<Answer> AwsClient::settle(Pending& pending) {
  os::HttpResult result = receive(pending);
  // An answer may have been there for long: while a person thought.
  const base::Time received =
      pending.sent + std::chrono::duration_cast<base::Seconds>(pending.exchange->elapsed());
  pending.exchange.reset();
  Answer answer;
  if (auto* failure = std::get_if<os::HttpFailure>(&result)) {
    answer = std::move(*failure);
  } else {
    auto& response = std::get<base::HttpResponse>(result);
    learn_clock_offset(response, received);
    if (response.status == 200) return std::move(response.body);
    answer = aws::parse_error(response.status, response.body);
  }
  const auto* refusal = std::get_if<aws::ApiError>(&answer);
  if (refusal != nullptr && aws::is_clock_skew(*refusal)) {
    const bool known_better = pending.clock_offset != clock_offset_;
    if (!known_better || pending.clock_corrected || pending.call.single_use) return answer;
    pending.clock_corrected = true;
    return std::nullopt;
  }
  if (pending.attempt >= connection_.max_attempts || !may_repeat(pending.call, answer)) {
    return answer;
  }
  pending.due = clock_.monotonic() + pause_before(++pending.attempt);
  return std::nullopt;
}

std::unique_ptr<os::HttpExchange> AwsClient::send(const aws::Call& call,
                                                  const aws::SigningIdentity& identity) {
  const aws::Endpoint& endpoint =
      call.service == aws::Service::sts ? connection_.sts : connection_.iam;
  base::HttpRequest request = aws::http_request(call, endpoint);
  aws::sigv4::sign(request, identity,
                   {now(), endpoint.signing_region, std::string(aws::signing_name(call.service))});
  return http_.start(request, call.single_use ? os::Via::warm_connection : os::Via::any_connection);
}

os::HttpResult AwsClient::receive(const Pending& pending) {
  const auto started = clock_.monotonic();
  os::HttpResult result = pending.exchange->wait();
  const auto waited = clock_.monotonic() - started;
  const auto took = pending.exchange->elapsed();
  const auto* response = std::get_if<base::HttpResponse>(&result);
  messages_.detail(fmt::format(
      "{}: {} after {} ms{}", pending.call.operation,
      response != nullptr ? fmt::format("HTTP {}", response->status)
                          : std::get<os::HttpFailure>(result).what,
      took.count(),
      waited < took ? fmt::format(", {} ms of them waited for", waited.count()) : std::string()));
  return result;
}

void AwsClient::learn_clock_offset(const base::HttpResponse& response, base::Time received) {
  const base::WipedString* header = base::find_header(response.headers, "Date");
  const auto date = header != nullptr ? base::parse_http_date(*header) : std::nullopt;
  if (!date) return;
  knows_aws_time_ = true;
  const base::Seconds offset = *date - received;
  const base::Seconds old = clock_offset_;
  clock_offset_ = std::chrono::abs(offset) > tolerated_offset ? offset : base::Seconds{0};
  if (std::chrono::abs(clock_offset_ - old) > tolerated_offset) {
    messages_.note(fmt::format(
        "this machine's clock is {} {} AWS's; requests are signed with AWS's time",
        base::format_clock_difference(offset), offset.count() > 0 ? "behind" : "ahead of"));
  }
}

bool AwsClient::may_repeat(const aws::Call& call, const Answer& answer) const {
  if (const auto* failure = std::get_if<os::HttpFailure>(&answer)) {
    return !call.single_use || !failure->body_sent;
  }
  return !call.single_use && aws::is_transient(std::get<aws::ApiError>(answer));
}

// "Full jitter": a random part of a pause that doubles, so that many machines do not come together.
std::chrono::milliseconds AwsClient::pause_before(int attempt) {
  const auto ceiling = std::min(max_pause, first_pause * (1 << std::min(attempt - 2, 5)));
  return std::chrono::milliseconds{random_.below(static_cast<std::uint32_t>(ceiling.count()) + 1)};
}

}  // namespace app

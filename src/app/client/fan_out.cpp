#include "app/client/fan_out.h"

#include "app/client/answer_check.h"

#include <algorithm>
#include <deque>
#include <optional>

namespace app {
namespace {

using namespace std::chrono_literals;

constexpr int max_connections = 12;

// One role to assume: a step of one chain, or of several that begin alike.
struct Role {
  aws::sts::AssumeRole request;
  const Role* parent = nullptr;  // whose session signs; nullptr: the start's
  std::optional<AwsClient::Pending> pending;
  std::optional<Outcome> outcome;

  bool in_flight() const { return pending && pending->exchange; }
};

class FanOut {
 public:
  FanOut(const Session& start, AwsClient& client, os::HttpClient& http, os::Clock& clock,
         const std::set<std::string>& seen, base::Seconds age)
      : start_(start), client_(client), http_(http), clock_(clock), seen_(seen), age_(age) {}

  const Role* add(const RoleChain& chain);
  void run(const std::function<void(std::size_t ended, std::size_t total)>& progress);
  bool start_refused() const { return start_refused_; }
  bool denied() const { return denied_; }

 private:
  void start_what_may();
  bool take_answers();
  void take(Role& role, Answer answer);
  void wait();
  const aws::Credentials* signer(const Role& role) const;

  const Session& start_;
  AwsClient& client_;
  os::HttpClient& http_;
  os::Clock& clock_;
  const std::set<std::string>& seen_;
  base::Seconds age_;
  std::deque<Role> roles_;  // parents before their children; never moves what is in it
  std::size_t ended_ = 0;
  int in_flight_ = 0;
  int limit_ = 1;
  bool start_refused_ = false;
  bool denied_ = false;
};

const Role* FanOut::add(const RoleChain& chain) {
  const Role* parent = nullptr;
  for (const aws::sts::AssumeRole& request : chain) {
    const auto known = std::find_if(roles_.begin(), roles_.end(), [&](const Role& role) {
      return role.parent == parent && role.request == request;
    });
    if (known != roles_.end()) {
      parent = &*known;
      continue;
    }
    Role& role = roles_.emplace_back();
    role.request = request;
    role.parent = parent;
    parent = &role;
  }
  return parent;
}

void FanOut::run(const std::function<void(std::size_t ended, std::size_t total)>& progress) {
  limit_ = connections_for(roles_.size());
  while (ended_ < roles_.size()) {
    start_what_may();
    if (take_answers()) {
      progress(ended_, roles_.size());
    } else if (ended_ < roles_.size()) {
      wait();
    }
  }
}

const aws::Credentials* FanOut::signer(const Role& role) const {
  if (role.parent == nullptr) return &start_.credentials;
  const auto* session =
      role.parent->outcome ? std::get_if<Session>(&*role.parent->outcome) : nullptr;
  return session == nullptr ? nullptr : &session->credentials;
}

void FanOut::start_what_may() {
  for (Role& role : roles_) {
    if (role.outcome || role.in_flight()) continue;
    if (role.parent != nullptr && role.parent->outcome &&
        std::holds_alternative<base::Error>(*role.parent->outcome)) {
      role.outcome = std::get<base::Error>(*role.parent->outcome);
      ++ended_;
      continue;
    }
    const aws::Credentials* const credentials = signer(role);
    if (credentials == nullptr || in_flight_ >= limit_) continue;
    if (!role.pending) {
      role.pending = client_.start(aws::sts::assume_role(role.request, std::nullopt), *credentials);
    } else if (role.pending->due <= clock_.monotonic()) {
      client_.send_again(*role.pending, *credentials);
    } else {
      continue;
    }
    ++in_flight_;
  }
}

bool FanOut::take_answers() {
  bool any = false;
  for (Role& role : roles_) {
    if (!role.in_flight() || !role.pending->exchange->ended()) continue;
    any = true;
    --in_flight_;
    auto answer = client_.settle(*role.pending);
    if (!answer) {
      limit_ = std::max(1, limit_ / 2);  // AWS asks for less, or the network gives less
      continue;
    }
    limit_ = std::min(limit_ + 1, connections_for(roles_.size()));
    take(role, std::move(*answer));
    ++ended_;
  }
  return any;
}

void FanOut::take(Role& role, Answer answer) {
  aws::RequestFacts facts;
  facts.operation = "AssumeRole";
  facts.access_key_id = signer(role)->access_key_id;
  facts.role_arn = role.request.role_arn;
  facts.temporary_key = true;
  facts.mfa_session = role.parent == nullptr && start_.role_arn.empty();
  if (facts.mfa_session) facts.mfa_session_age = age_;
  facts.external_id_sent = !role.request.external_id.empty();
  facts.role_seen = seen_.contains(facts.role_arn);
  facts.clock_offset = client_.clock_offset();
  facts.region = client_.connection().sts.signing_region;
  if (const auto* refusal = std::get_if<aws::ApiError>(&answer)) {
    start_refused_ = start_refused_ || (role.parent == nullptr && aws::is_key_refused(*refusal));
    denied_ = denied_ || (role.parent == nullptr && aws::is_access_denied(*refusal));
  }
  try {
    base::WipedString body = require(std::move(answer), facts);
    aws::sts::AssumedRole assumed = aws::sts::parse_assume_role(body);
    require_asked_role(role.request, assumed.assumed_role_arn);
    require_valid_expiration(assumed.credentials, client_.now());
    role.outcome = Session{std::move(assumed.credentials), role.request.role_arn, true};
  } catch (const base::Error& error) {
    role.outcome = error;
  }
}

// For an answer, or for the moment when something may be sent again.
void FanOut::wait() {
  std::chrono::milliseconds timeout = 1s;
  for (const Role& role : roles_) {
    if (!role.pending || role.in_flight() || role.outcome || in_flight_ >= limit_) continue;
    timeout = std::clamp(role.pending->due - clock_.monotonic(), 1ms, timeout);
  }
  if (in_flight_ > 0) {
    http_.wait_some(timeout);
  } else {
    clock_.sleep(timeout);
  }
}

}  // namespace

int connections_for(std::size_t roles) {
  return static_cast<int>(std::clamp<std::size_t>(roles, 1, max_connections));
}

FanOutResult assume_roles(const Session& start, std::span<const RoleChain> chains,
                          AwsClient& client, os::HttpClient& http, os::Clock& clock,
                          const std::function<void(std::size_t ended, std::size_t total)>& progress,
                          const std::set<std::string>& seen, base::Seconds age) {
  FanOut fan_out(start, client, http, clock, seen, age);
  std::vector<const Role*> last;
  for (const RoleChain& chain : chains) last.push_back(fan_out.add(chain));
  fan_out.run(progress);
  FanOutResult result;
  result.start_refused = fan_out.start_refused();
  result.denied = fan_out.denied();
  for (const Role* role : last) {
    // Two chains may be one.
    if (const auto* session = std::get_if<Session>(&*role->outcome)) {
      result.outcomes.emplace_back(session->clone());
    } else {
      result.outcomes.emplace_back(std::get<base::Error>(*role->outcome));
    }
  }
  return result;
}

}  // namespace app

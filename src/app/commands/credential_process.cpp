#include "app/commands/credential_process.h"

#include "app/commands/single_session.h"
#include "aws/output/process_output.h"
#include "base/error.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using namespace std::chrono_literals;

constexpr base::Seconds told_early{300};

// Terraform kills its helper after 60 seconds (aws-sdk-go-v2). Another process's question is waited
// for a little less long than a person has for an answer, so that those who wait are gone before
// the one who asks gives up: they would ask again, for a client that went away.
constexpr auto for_others = 50s;
constexpr auto for_an_answer = 55s;

// Clients put what the helper says into one message of theirs.
Error in_one_line(const Error& error) {
  if (error.hints().empty()) return error;
  return {error.kind(), fmt::format("{}; {}", error.what(), error.hints().front())};
}

}  // namespace

base::Seconds told_lifetime(base::Seconds lifetime) {
  return lifetime - std::min(told_early, lifetime / 2);
}

base::WipedString CredentialProcess::run(const SessionRequest& request) {
  SessionUse use;
  // What runs inside exec lives on the MFA session that exec has seen to.
  use.lives_on_base = environment_.get("AWSST_EXEC").has_value();
  use.tells_cut = false;
  use.turn_timeout = for_others;
  use.answer_timeout = for_an_answer;
  try {
    const SingleSession single =
        obtain_single(sessions_, environment_, files_, request, std::move(use));
    const base::Seconds early = single.lifetime - told_lifetime(single.lifetime);
    const aws::Credentials& credentials = single.session()->credentials;
    return aws::process_output(credentials, credentials.expiration - early);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unanswered) throw;
    throw in_one_line(error);
  }
}

}  // namespace app

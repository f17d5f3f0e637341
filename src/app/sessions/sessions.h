#pragma once

#include "app/client/session.h"
#include "app/config/session_request.h"
#include "app/config/settings.h"
#include "aws/files/profile.h"
#include "os/clock.h"
#include "os/environment.h"
#include "os/files.h"
#include "os/http.h"
#include "os/messages.h"
#include "os/process.h"
#include "os/random.h"
#include "os/terminal.h"

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace app {

// What a command does with sessions, as far as it bears on how they are got.
struct SessionUse {
  std::string greeting = {};           // shown to a person before the first question
  bool greeting_names_target = false;  // the greeting says what the code is for
  bool asks_username_and_role =
      false;                    // for the user name and the role too, where nothing gives them
  bool prefers_direct = false;  // a single role is to last, not to be renewed
  bool cached_by_arn = false;   // whoever asks next names a role by its ARN: cached as that
  bool takes_cached = true;     // what lives long enough; what was got is cached in any case
  bool lives_on_base = false;   // every role comes from the MFA session, which opens it again
                                // without a code: it lasts AWS's hour at most
  bool tells_cut = true;        // that a role lasts less than a profile says
  bool tells_end = false;       // of what is taken and cannot be renewed without a code
  std::chrono::milliseconds turn_timeout = std::chrono::hours{1};  // for another process's question
  std::optional<std::chrono::milliseconds> answer_timeout = {};    // from the start, by a person
};

// What came of it.
struct TargetSession {
  Target target;
  Outcome outcome;
  bool cached = false;        // it was there already
  base::Seconds lifetime{0};  // of a session, from now
  // The long-term key that it all starts from.
  std::string source_profile;        // empty: the environment
  std::string source_access_key_id;  // empty: not known

  const Session* session() const { return std::get_if<Session>(&outcome); }
  const base::Error* error() const { return std::get_if<base::Error>(&outcome); }
};

// From what is asked for to sessions, with one code at most: the part that every command shares.
class Sessions {
 public:
  Sessions(os::Environment& environment, os::Files& files, os::HttpClient& http,
           os::Terminal& terminal, os::Process& process, os::Clock& clock, os::Random& random,
           os::Messages& messages)
      : environment_(environment),
        files_(files),
        http_(http),
        terminal_(terminal),
        process_(process),
        clock_(clock),
        random_(random),
        messages_(messages) {}

  // The request as it is meant where nobody is asked for the role: with the profile that
  // role_profile_of_environment() finds where it names none itself, which is told.
  SessionRequest with_role_of_environment(SessionRequest request, const aws::SharedConfig& shared);

  // Called when the roles are known and no code was spent yet: what it throws ends the job.
  using BeforeCode = std::function<void(std::span<const Target>)>;

  // Never empty, in the order in which they were asked for; of a single one the outcome is a
  // session. Throws Error for what concerns all of them.
  std::vector<TargetSession> obtain(const SessionRequest& request, const SessionUse& use,
                                    const Settings& settings, const aws::SharedConfig& shared,
                                    const BeforeCode& before_code);

 private:
  class Job;

  os::Environment& environment_;
  os::Files& files_;
  os::HttpClient& http_;
  os::Terminal& terminal_;
  os::Process& process_;
  os::Clock& clock_;
  os::Random& random_;
  os::Messages& messages_;
};

}  // namespace app

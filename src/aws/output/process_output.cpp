#include "aws/output/process_output.h"

#include "base/text.h"

namespace aws {

// By hand: a JSON library would keep copies that nobody wipes, and cost time at every start.
base::WipedString process_output(const Credentials& credentials, base::Time expiration) {
  base::WipedString out;
  out.reserve(256 + credentials.session_token.reveal().size());
  out += R"({"Version":1)";
  const auto add = [&](std::string_view name, std::string_view value) {
    out.append(",");
    base::append_json_string(name, out);
    out.append(":");
    base::append_json_string(value, out);
  };
  add("AccessKeyId", credentials.access_key_id);
  add("SecretAccessKey", credentials.secret_access_key.reveal());
  add("SessionToken", credentials.session_token.reveal());
  add("Expiration", base::format_rfc3339(expiration));
  out += "}\n";
  return out;
}

}  // namespace aws

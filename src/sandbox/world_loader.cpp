#include "base/error.h"
#include "base/text.h"
#include "sandbox/identifiers.h"
#include "sandbox/totp.h"
#include "sandbox/world.h"

#include <fmt/core.h>
#include <initializer_list>
#include <nlohmann/json.hpp>

namespace sandbox {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(std::string_view where, std::string_view what) {
  throw base::Error(base::ErrorKind::usage, fmt::format("world: {}: {}", where, what));
}

// An object of the document, read by name; every name that nobody asks about is a mistake.
class Object {
 public:
  Object(const Json& json, std::string where, std::initializer_list<std::string_view> names)
      : json_(json), where_(std::move(where)) {
    if (!json.is_object()) refuse(where_, "must be an object");
    for (const auto& [name, value] : json.items()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        refuse(where_, fmt::format("unknown name {}", base::printable(name)));
      }
    }
  }

  bool has(const char* name) const { return json_.contains(name); }
  std::string text(const char* name) const {
    if (!has(name)) refuse(where_, fmt::format("needs {}", name));
    if (!json_[name].is_string()) refuse(where_, fmt::format("{} must be a string", name));
    return json_[name];
  }
  template <typename Otherwise>
  std::string text_or(const char* name, Otherwise otherwise) const {
    return has(name) ? text(name) : otherwise();
  }
  // Missing is empty.
  const Json& list(const char* name) const {
    static const Json none = Json::array();
    if (!has(name)) return none;
    if (!json_[name].is_array()) refuse(where_, fmt::format("{} must be a list", name));
    return json_[name];
  }
  // An object of strings.
  std::vector<aws::SessionTag> tags() const {
    std::vector<aws::SessionTag> result;
    if (!has("tags")) return result;
    if (!json_["tags"].is_object()) refuse(where_, "tags must be an object");
    for (const auto& [key, value] : json_["tags"].items()) {
      if (!value.is_string()) refuse(where_, "the value of a tag must be a string");
      result.push_back({key, value});
    }
    return result;
  }
  const Json& operator[](const char* name) const { return json_[name]; }
  const std::string& where() const { return where_; }

 private:
  const Json& json_;
  std::string where_;
};

aws::policy::Policy parse_policy(const Json& document, aws::policy::Kind kind,
                                 const std::string& where) {
  try {
    return aws::policy::parse(document.dump(), kind);
  } catch (const base::Error& error) {
    refuse(where, error.what());
  }
}

}  // namespace

class WorldLoader {
 public:
  WorldLoader(World& world, base::Time now) : world_(world), random_(world.random_), now_(now) {}

  void load(std::string_view document) {
    const Json json = parse(document);
    const Object world(json, "document", {"partition", "accounts"});
    world_.partition_ = world.text_or("partition", [] { return "aws"; });
    for (const Json& account : world.list("accounts")) load_account(account);
    if (world_.account_.empty()) refuse("document", "needs at least one account");
  }

 private:
  static Json parse(std::string_view document) {
    try {
      return Json::parse(document, nullptr, true, /*ignore_comments=*/true);
    } catch (const Json::parse_error& error) {
      throw base::Error(base::ErrorKind::usage, fmt::format("world: {}", error.what()));
    }
  }

  void load_account(const Json& json) {
    const Object account(json, "account", {"account", "policies", "root", "users", "roles"});
    account_ = account.text("account");
    if (account_.size() != 12 || !base::is_digits(account_)) {
      refuse("account", "must be twelve digits");
    }
    if (world_.account_.empty()) world_.account_ = account_;
    if (account.has("policies")) {
      for (const auto& [name, document] : account["policies"].items()) {
        parse_policy(document, aws::policy::Kind::identity, "policy " + name);
        world_.policy_documents_[iam_arn("policy/" + name)] = document.dump();
      }
    }
    if (account.has("root")) load_user(account["root"], /*root=*/true);
    for (const Json& user : account.list("users")) load_user(user, /*root=*/false);
    for (const Json& role : account.list("roles")) load_role(role);
  }

  void load_user(const Json& json, bool root) {
    const Object object(json, "user",
                        {"name", "path", "access_keys", "mfa_devices", "tags", "policies"});
    User user;
    user.account = account_;
    user.name = root ? std::string(root_user_name) : object.text("name");
    const std::string where = "user " + user.name;
    user.path = path(object);
    user.id = root ? account_ : make_id("AIDA", 17, random_);
    user.arn = iam_arn(root ? "root" : "user" + user.path + user.name);
    user.created = now_;
    if (!root && world_.find_user(account_, user.name)) refuse(where, "is there twice");
    if (object.has("access_keys")) {
      for (const Json& key : object.list("access_keys"))
        user.access_keys.push_back(load_key(key, where));
    } else {
      user.access_keys.push_back(load_key(Json::object(), where));
    }
    for (const Json& device : object.list("mfa_devices")) {
      user.mfa_devices.push_back(load_device(device, user));
    }
    user.tags = object.tags();
    user.policies = load_policies(object);
    world_.users_.push_back(std::move(user));
  }

  static base::Time time(const Object& object, const char* name) {
    const auto result = base::parse_rfc3339(object.text(name));
    if (!result) refuse(object.where(), fmt::format("{} must be like 2026-11-22T17:20:10Z", name));
    return *result;
  }

  AccessKey load_key(const Json& json, const std::string& where) {
    const Object object(json, where + ": access key",
                        {"id", "secret", "status", "created", "last_used"});
    AccessKey key;
    key.id = object.text_or("id", [&] { return make_access_key_id("AKIA", random_); });
    key.secret = object.text_or("secret", [&] { return make_secret_access_key(random_); });
    const std::string status = object.text_or("status", [] { return "Active"; });
    if (status != "Active" && status != "Inactive") {
      refuse(object.where(), "status must be Active or Inactive");
    }
    key.active = status == "Active";
    key.created = object.has("created") ? time(object, "created") : now_;
    if (object.has("last_used")) {
      const Object use(object["last_used"], object.where() + ": last_used",
                       {"time", "service", "region"});
      key.last_used = LastUse{time(use, "time"), use.text_or("service", [] { return "sts"; }),
                              use.text_or("region", [] { return "us-east-1"; })};
    }
    return key;
  }

  MfaDevice load_device(const Json& json, const User& user) {
    const Object object(json, fmt::format("user {}: MFA device", user.name),
                        {"name", "serial_number", "fido", "totp_secret"});
    MfaDevice device;
    device.enabled = now_;
    if (object.has("fido")) {
      device.serial_number = iam_arn(fmt::format("u2f/user/{}/{}-{}", user.name,
                                                 object.text("fido"), make_id("", 26, random_)));
      return device;
    }
    device.serial_number =
        object.text_or("serial_number", [&] { return iam_arn("mfa/" + object.text("name")); });
    device.totp_secret = object.text_or("totp_secret", [&] { return make_totp_secret(random_); });
    try {
      sandbox::totp::code(device.totp_secret, 0);
    } catch (const base::Error& error) {
      refuse(object.where(), error.what());
    }
    return device;
  }

  void load_role(const Json& json) {
    const Object object(json, "role",
                        {"name", "path", "max_session_duration", "trust", "tags", "policies"});
    Role role;
    role.account = account_;
    role.name = object.text("name");
    const std::string where = "role " + role.name;
    role.path = path(object);
    role.id = make_id("AROA", 17, random_);
    role.arn = iam_arn("role" + role.path + role.name);
    role.created = now_;
    if (world_.find_role(account_, role.name)) refuse(where, "is there twice");
    if (object.has("max_session_duration")) {
      const Json& seconds = object["max_session_duration"];
      if (!seconds.is_number_integer() || seconds < 3600 || seconds > 43200) {
        refuse(where, "max_session_duration must be 3600 to 43200");
      }
      role.max_session_duration = base::Seconds(seconds.get<int>());
    }
    if (!object.has("trust")) refuse(where, "needs trust");
    role.trust_document = object["trust"].dump();
    role.trust = parse_policy(object["trust"], aws::policy::Kind::trust, where + ": trust");
    role.tags = object.tags();
    role.policies = load_policies(object);
    world_.roles_.push_back(std::move(role));
  }

  // Each is the name of one of the account's policies, or a document.
  std::vector<aws::policy::Policy> load_policies(const Object& owner) {
    std::vector<aws::policy::Policy> policies;
    for (const Json& policy : owner.list("policies")) {
      if (!policy.is_string()) {
        policies.push_back(
            parse_policy(policy, aws::policy::Kind::identity, owner.where() + ": policy"));
        continue;
      }
      const std::string name = policy;
      const std::string* document = world_.find_policy_document(iam_arn("policy/" + name));
      if (!document) refuse(owner.where(), fmt::format("no policy {}", base::printable(name)));
      policies.push_back(aws::policy::parse(*document, aws::policy::Kind::identity));
    }
    return policies;
  }

  static std::string path(const Object& object) {
    const std::string result = object.text_or("path", [] { return "/"; });
    if (!result.starts_with('/') || !result.ends_with('/')) {
      refuse(object.where(), "path must begin and end with /");
    }
    return result;
  }

  std::string iam_arn(const std::string& resource) const {
    return fmt::format("arn:{}:iam::{}:{}", world_.partition_, account_, resource);
  }

  World& world_;
  os::Random& random_;
  base::Time now_;
  std::string account_;
};

World::World(std::string_view document, os::Random& random, base::Time now) : random_(random) {
  WorldLoader(*this, now).load(document);
}

}  // namespace sandbox

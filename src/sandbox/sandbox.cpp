#include "sandbox/sandbox.h"

#include "aws/api/endpoint.h"
#include "base/text.h"
#include "sandbox/identifiers.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <fmt/core.h>

namespace sandbox {
namespace {

constexpr std::string_view fault_xmlns = "http://webservices.amazon.com/AWSFault/2005-15-09";

bool is_form(const base::HttpRequest& request) {
  const base::WipedString* const type = base::find_header(request.headers, "content-type");
  if (!type) return false;
  const std::string_view media_type = std::string_view(*type).substr(0, type->find(';'));
  return base::equal_ignoring_case(base::trim(media_type), "application/x-www-form-urlencoded");
}

base::WipedString error_body(std::string_view xmlns, const Refusal& refusal,
                             const std::string& request_id) {
  XmlWriter xml;
  xml.open("ErrorResponse", xmlns);
  xml.open("Error");
  xml.element("Type", refusal.status() < 500 ? "Sender" : "Receiver");
  xml.element("Code", refusal.code());
  if (refusal.message()) xml.element("Message", *refusal.message());
  xml.close();
  xml.element("RequestId", request_id);
  xml.close();
  return xml.text();
}

// IAM is global: each partition signs for one region of its own.
std::string region_of(const Service& service, const std::string& region) {
  if (service.name != "iam") return region;
  return aws::resolve_endpoint(aws::Service::iam, region).signing_region;
}

// A session of GetSessionToken without a code may not call IAM at all.
void check_session_may_call(const Service& service, const Caller& caller) {
  const bool without_mfa = caller.session && caller.session->user && !caller.session->mfa_time;
  if (service.name == "iam" && without_mfa) {
    throw Refusal(403, "InvalidClientTokenId",
                  "The security token included in the request is invalid");
  }
}

void truncate(base::HttpResponse& response) {
  response.headers.push_back(
      {"Content-Length", base::WipedString(std::to_string(response.body.size()))});
  response.body.resize(response.body.size() / 2);
}

}  // namespace

Sandbox::Sandbox(Options options, os::Clock& clock, os::Random& random)
    : options_(std::move(options)),
      clock_(clock),
      random_(random),
      world_(options_.world, random, now()),
      federation_(random) {}

void Sandbox::add_fault(Fault fault) {
  auto names = operation_names();
  names.insert(names.end(),
               {std::string(Federation::get_signin_token), std::string(Federation::login)});
  if (fault.operation != "*" &&
      std::find(names.begin(), names.end(), fault.operation) == names.end()) {
    const auto nearest = base::nearest(fault.operation, names);
    throw base::Error(base::ErrorKind::usage,
                      "no such operation: " + base::printable(fault.operation),
                      {nearest ? "perhaps " + *nearest : "one of " + base::join_words(names)});
  }
  const std::lock_guard lock(mutex_);
  faults_.add(std::move(fault));
}

base::HttpResponse Sandbox::handle(const base::HttpRequest& request) {
  if (options_.latency.count() > 0) clock_.sleep(options_.latency);
  const std::lock_guard lock(mutex_);
  return answer(request);
}

base::HttpResponse Sandbox::answer(const base::HttpRequest& request) {
  if (Federation::is_addressed(request)) return answer_federation(request);
  if (request.method != "POST" || !is_form(request)) return redirect();
  const Parameters parameters(request.body);
  const std::string* const action = parameters.find("Action");
  if (!action) return redirect();
  const std::string version = parameters.value_or("Version", "NO_VERSION_SPECIFIED");
  const Operation* const operation = find_operation(*action, version);
  if (!operation) {
    const Refusal refusal(
        400, "InvalidAction",
        fmt::format("Could not find operation {} for version {}", *action, version));
    const std::string request_id = make_request_id(random_);
    return respond(sts, 400, request_id, error_body(fault_xmlns, refusal, request_id));
  }
  const auto fault = faults_.take(operation->name);
  if (!fault) return process(request, parameters, *operation);
  if (fault->kind == Fault::Kind::refusal) {
    const Refusal refusal(fault->status, fault->code, fault->message);
    const std::string request_id = make_request_id(random_);
    return respond(operation->service, fault->status, request_id,
                   error_body(operation->service.xmlns, refusal, request_id));
  }
  if (fault->kind == Fault::Kind::drop_before) return {};
  base::HttpResponse response = process(request, parameters, *operation);
  if (fault->kind == Fault::Kind::drop_after) return {};
  truncate(response);
  return response;
}

base::HttpResponse Sandbox::answer_federation(const base::HttpRequest& request) {
  const Parameters parameters = Federation::parameters_of(request);
  const auto fault = faults_.take(parameters.value_or("Action", ""));
  if (fault && fault->kind == Fault::Kind::drop_before) return {};
  base::HttpResponse response = fault && fault->kind == Fault::Kind::refusal
                                    ? Federation::refusal(fault->status, fault->message)
                                    : federation_.handle(world_, parameters, now());
  if (fault && fault->kind == Fault::Kind::drop_after) return {};
  response.headers.push_back({"Date", base::WipedString(base::format_http_date(now()))});
  if (fault && fault->kind == Fault::Kind::truncate) truncate(response);
  return response;
}

base::HttpResponse Sandbox::process(const base::HttpRequest& request, const Parameters& parameters,
                                    const Operation& operation) {
  const Service& service = operation.service;
  const std::string request_id = make_request_id(random_);
  const base::Time time = now();
  try {
    const std::string region = region_of(service, options_.region);
    const Caller caller = authenticate(world_, request, {region, service.name}, time);
    check_session_may_call(service, caller);
    XmlWriter xml(options_.extra_fields);
    xml.open(fmt::format("{}Response", operation.name), service.xmlns);
    xml.open(fmt::format("{}Result", operation.name));
    Call call{world_, caller, parameters, time, region, options_.session_limits, xml};
    operation.run(call);
    xml.close();
    xml.open("ResponseMetadata");
    xml.element("RequestId", request_id);
    xml.close();
    xml.close();
    return respond(service, 200, request_id, xml.text());
  } catch (const Refusal& refusal) {
    return respond(service, refusal.status(), request_id,
                   error_body(service.xmlns, refusal, request_id));
  }
}

base::HttpResponse Sandbox::respond(const Service& service, int status,
                                    const std::string& request_id, base::WipedString body) {
  base::HttpResponse response;
  response.status = status;
  response.headers = {
      {"x-amzn-requestid", base::WipedString(request_id)},
      {"Content-Type", "text/xml"},
      {"Date", base::WipedString(base::format_http_date(now()))},
  };
  if (service.name == sts.name) {
    response.headers.push_back(
        {"x-amz-sts-extended-request-id", base::WipedString(make_extended_request_id(random_))});
  }
  response.body = std::move(body);
  return response;
}

// What AWS answers to everything that is no call: to a browser, and to a request without the form's
// Content-Type. Its Date tells a client how far its clock is off.
base::HttpResponse Sandbox::redirect() {
  base::HttpResponse response;
  response.status = 302;
  response.headers = {
      {"x-amzn-requestid", base::WipedString(make_request_id(random_))},
      {"Location", "https://aws.amazon.com/iam"},
      {"Date", base::WipedString(base::format_http_date(now()))},
  };
  return response;
}

}  // namespace sandbox

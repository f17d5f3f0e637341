#include "aws/api/xml.h"

#include "base/error.h"
#include "base/text.h"

#include <fmt/core.h>
#include <pugixml.hpp>

namespace aws {
namespace {

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  for (const pugi::xml_node& node : parent.children()) {
    if (local_name(node) == name) return node;
  }
  return {};
}

pugi::xml_node follow(pugi::xml_node node, std::string_view path) {
  for (const std::string_view name : base::split(path, '/')) node = child(node, name);
  return node;
}

// Line ends are blanks here, unlike in base::trim.
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

[[noreturn]] void refuse(bool well_formed, std::string_view path) {
  throw base::Error(
      base::ErrorKind::failed,
      well_formed ? fmt::format("the answer from AWS lacks {}", path.substr(path.rfind('/') + 1))
                  : "the answer is not from AWS: it is not XML",
      {"check --endpoint-url and the proxy (HTTPS_PROXY)"});
}

}  // namespace

struct XmlAnswer::State {
  pugi::xml_document document;
  bool well_formed = false;
};

XmlAnswer::XmlAnswer(base::WipedString& body) : state_(std::make_unique<State>()) {
  state_->well_formed = static_cast<bool>(
      state_->document.load_buffer_inplace(body.data(), body.size(), pugi::parse_default));
}

XmlAnswer::~XmlAnswer() = default;
XmlAnswer::XmlAnswer(XmlAnswer&&) noexcept = default;

bool XmlAnswer::well_formed() const { return state_->well_formed; }

std::string_view XmlAnswer::text(std::string_view path) const {
  if (!state_->well_formed) return {};
  return trimmed(follow(state_->document.document_element(), path).text().get());
}

std::string_view XmlAnswer::required(std::string_view path) const {
  const std::string_view found = text(path);
  if (found.empty()) refuse(well_formed(), path);
  return found;
}

void XmlAnswer::require_element(std::string_view path) const {
  if (!well_formed() || !follow(state_->document.document_element(), path)) {
    refuse(well_formed(), path);
  }
}

std::vector<std::string_view> XmlAnswer::members(std::string_view path,
                                                 std::string_view name) const {
  std::vector<std::string_view> result;
  if (!state_->well_formed) return result;
  for (const pugi::xml_node& node : follow(state_->document.document_element(), path).children()) {
    if (local_name(node) == "member") result.push_back(trimmed(child(node, name).text().get()));
  }
  return result;
}

}  // namespace aws

#pragma once

#include "base/secret.h"

#include <memory>
#include <string_view>
#include <vector>

namespace aws {

// An XML answer, parsed in place: the texts are views into `body`, which must outlive this and is
// changed by the parsing. Elements are found by local name, whatever their namespace, order and
// unknown neighbours; blanks round a text are dropped.
class XmlAnswer {
 public:
  explicit XmlAnswer(base::WipedString& body);
  ~XmlAnswer();
  XmlAnswer(XmlAnswer&&) noexcept;

  bool well_formed() const;
  // The text of the first element on the path below the root, "A/B/C"; empty when it is not there.
  std::string_view text(std::string_view path) const;
  // As text(), for what must be there. Throws Error{failed} when it is not.
  std::string_view required(std::string_view path) const;
  // Throws Error{failed} when there is no element on the path; an empty one will do.
  void require_element(std::string_view path) const;
  // For each `member` element of the list at `path`: the text of its child `name`.
  std::vector<std::string_view> members(std::string_view path, std::string_view name) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace aws

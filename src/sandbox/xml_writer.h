#pragma once

#include "base/secret.h"

#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// XML in the form that AWS's query services give it: no declaration, an element a line, two spaces
// of indentation, a final newline.
class XmlWriter {
 public:
  // With `unknown_elements`, each structure gets children that no model of the services knows: a
  // client must pass them over.
  explicit XmlWriter(bool unknown_elements = false) : unknown_elements_(unknown_elements) {}

  void open(std::string name, std::string_view xmlns = {});
  void open_list(std::string name);  // its children are members, all of one kind
  void close();
  void element(std::string_view name, std::string_view text);

  const base::WipedString& text() const { return text_; }

 private:
  void indent();

  bool unknown_elements_;
  std::vector<std::string> open_;
  base::WipedString text_;
};

}  // namespace sandbox

#include "sandbox/xml_writer.h"

namespace sandbox {
namespace {

void append_escaped(std::string_view text, base::WipedString& out) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      default:
        // XML 1.0 has no way at all to write the other control characters.
        out += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' ? '?' : c;
    }
  }
}

}  // namespace

void XmlWriter::indent() { text_.append(open_.size() * 2, ' '); }

void XmlWriter::open(std::string name, std::string_view xmlns) {
  indent();
  text_.append("<").append(name);
  if (!xmlns.empty()) text_.append(" xmlns=\"").append(xmlns).append("\"");
  text_ += ">\n";
  open_.push_back(std::move(name));
  if (unknown_elements_) {
    indent();
    text_ += "<SandboxUnknown><Inner>1 &amp; 2</Inner><Empty/></SandboxUnknown>\n";
  }
}

void XmlWriter::open_list(std::string name) {
  indent();
  text_.append("<").append(name).append(">\n");
  open_.push_back(std::move(name));
}

void XmlWriter::close() {
  const std::string name = std::move(open_.back());
  open_.pop_back();
  indent();
  text_.append("</").append(name).append(">\n");
}

void XmlWriter::element(std::string_view name, std::string_view text) {
  indent();
  text_.append("<").append(name).append(">");
  append_escaped(text, text_);
  text_.append("</").append(name).append(">\n");
}

}  // namespace sandbox

#include "aws/files/ini_text.h"
#include "aws/files/shared_file.h"
#include "base/text.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

namespace aws {
namespace {

// Own: the place of a key that is set anew; gone: of one that is removed.
enum class Kind { silent, own, gone, property, continuation, broken };

// A line of the section that is edited.
struct BodyLine {
  Kind kind;
  std::string_view text;  // with its line end
  std::string key;        // of an own line or a property
  bool nested = false;    // continues an empty value
  bool aligned = false;   // is to get the section's indentation
  bool retired = false;   // becomes a comment
};

using Body = std::vector<BodyLine>;

bool stays(const BodyLine& line) { return line.kind != Kind::silent && line.kind != Kind::gone; }
bool begins(const BodyLine& line) {
  return line.kind != Kind::silent && line.kind != Kind::continuation;
}
std::string_view trimmed(std::string_view line) { return ini::trim(ini::without_line_end(line)); }

bool sets(const SectionEdit& edit, std::string_view key) {
  return std::any_of(edit.set.begin(), edit.set.end(),
                     [&](const auto& pair) { return pair.first == key; });
}
bool touches(const SectionEdit& edit, std::string_view key) {
  return sets(edit, key) ||
         std::find(edit.remove.begin(), edit.remove.end(), key) != edit.remove.end();
}

// The indentation of a line, of blanks and tabs alone.
std::string indentation(std::string_view line) {
  const std::string_view blanks = ini::leading_blanks(line);
  if (blanks.find_first_not_of(" \t") == std::string_view::npos) return std::string(blanks);
  return std::string(ini::indent(line), ' ');
}

// What remains of one section: its lines without the header and without the keys that go.
class BodyReader {
 public:
  BodyReader(const SharedFile& file, const SectionEdit& edit) : file_(file), edit_(edit) {}

  Body read(const Section& section) {
    next_ = section.line + 1;
    for (const Property& property : section.properties()) {
      take_until(property.line, Kind::broken);
      const Kind kind = kind_of(property);
      body_.push_back({kind, file_.line(next_++), property.key});
      take_until(property.line + property.line_count,
                 kind == Kind::property ? std::optional(Kind::continuation) : std::nullopt,
                 property.value.empty());
    }
    take_until(section.line + section.line_count, Kind::broken);
    return std::move(body_);
  }

 private:
  Kind kind_of(const Property& property) const {
    if (sets(edit_, property.key)) return Kind::own;
    return touches(edit_, property.key) ? Kind::gone : Kind::property;
  }

  // Lines that say something are of that kind, or left out.
  void take_until(std::size_t end, std::optional<Kind> kind, bool nested = false) {
    for (; next_ < end; ++next_) {
      const std::string_view text = trimmed(file_.line(next_));
      const bool silent = text.empty() || ini::is_comment(text);
      if (silent) {
        body_.push_back({Kind::silent, file_.line(next_), {}});
      } else if (kind) {
        body_.push_back({*kind, file_.line(next_), {}, nested});
      }
    }
  }

  const SharedFile& file_;
  const SectionEdit& edit_;
  std::size_t next_ = 0;
  Body body_;
};

// The silent lines at the end, which often belong to the section below.
Body split_tail(Body& body) {
  auto tail = body.end();
  while (tail != body.begin() && !stays(*(tail - 1))) --tail;
  Body result(tail, body.end());
  body.erase(tail, body.end());
  std::erase_if(result, [](const BodyLine& line) { return line.kind == Kind::gone; });
  return result;
}

// The lines behind the last one that says something, be it one that goes.
Body split_end(Body& body) {
  const auto last = std::find_if(body.rbegin(), body.rend(),
                                 [](const BodyLine& line) { return line.kind != Kind::silent; });
  Body end(last.base(), body.end());
  body.erase(last.base(), body.end());
  return end;
}

// Whether something of the user's is left besides what stands behind a blank line at the end.
bool holds_more(Body body) {
  const Body end = split_end(body);
  const auto is_left = [](const BodyLine& line) {
    return line.kind != Kind::gone && !trimmed(line.text).empty();
  };
  return std::any_of(body.begin(), body.end(), is_left) || (!end.empty() && is_left(end.front()));
}

// What would count where it had not counted becomes a comment.
void retire(Body& body) {
  for (BodyLine& line : body) {
    line.retired = line.kind == Kind::property || line.kind == Kind::continuation;
  }
}

// Of a key twice the last counts; the others become comments, with what continues them.
void retire_repeated_keys(Body& body) {
  std::set<std::string> seen;
  std::size_t end = body.size();  // of the property that is looked at
  for (std::size_t i = body.size(); i-- > 0;) {
    if (body[i].kind == Kind::continuation || body[i].kind == Kind::silent) continue;
    if (body[i].kind == Kind::property && !body[i].retired && !seen.insert(body[i].key).second) {
      for (std::size_t j = i; j < end; ++j) body[j].retired = body[j].kind != Kind::silent;
    }
    end = i;
  }
}

// Of a key that is set anew the first place counts.
void drop_repeated_places(Body& body) {
  std::set<std::string> seen;
  for (BodyLine& line : body) {
    if (line.kind == Kind::own && !seen.insert(line.key).second) line.kind = Kind::gone;
  }
}

// Whether all keys stand at one depth, those that go included, and a header that follows no deeper:
// then the AWS CLI reads the same keys as we do.
bool is_flat(const Body& body, std::size_t depth_of_next_header) {
  std::optional<std::size_t> depth;
  for (const BodyLine& line : body) {
    if (!begins(line) || line.aligned) continue;
    const std::size_t own = ini::indent(line.text);
    if (own < depth_of_next_header || own > ini::deepest_indent || depth.value_or(own) != own)
      return false;
    depth = own;
  }
  return true;
}

// The file anew, line by line.
class Writer {
 public:
  explicit Writer(const SharedFile& file) : newline_(file.newline()) {
    out_.reserve(file.bytes().size() + 1024);
  }

  void copy(std::string_view lines) {
    if (lines.empty()) return;
    end_line();
    out_ += lines;
  }
  void end_line() {
    const bool ended = out_.empty() || out_.back() == '\n' || out_.back() == '\r';
    if (!ended) out_ += newline_;
  }
  // A line of ours: it begins after a "\n", for a lone "\r" ends a line in the AWS CLI only.
  void write(std::string_view a, std::string_view b = {}, std::string_view c = {},
             std::string_view d = {}) {
    if (!out_.empty() && out_.back() != '\n') out_ += out_.back() == '\r' ? "\n" : newline_;
    out_.append(a).append(b).append(c).append(d).append(newline_);
  }
  void drop_blank_line() {
    const bool blank = out_.ends_with("\n\n") || out_.ends_with("\n\r\n") || out_ == newline_;
    if (blank) out_.erase(out_.size() - (out_.ends_with("\r\n") ? 2 : 1));
  }
  bool is_empty() const { return out_.empty(); }
  base::WipedString take() { return std::move(out_); }

 private:
  std::string_view newline_;
  base::WipedString out_;
};

class Editor {
 public:
  Editor(const SharedFile& file, FileKind kind) : file_(file), kind_(kind), writer_(file) {}

  base::WipedString run(std::span<const SectionEdit> edits) {
    find_places(edits);
    std::size_t next = 0;
    for (const auto& [section, place] : touched_) {
      writer_.copy(file_.lines(next, section->line));
      edit_section(*section, *place);
      next = section->line + section->line_count;
    }
    writer_.copy(file_.lines(next, file_.line_total()));
    for (const Place& place : places_) {
      const bool only_removes = place.edit->set.empty() && !place.edit->remove.empty();
      if (place.sections.empty() && !only_removes) append_section(*place.edit);
    }
    return writer_.take();
  }

 private:
  struct Place {
    const SectionEdit* edit;
    std::vector<const Section*> sections;  // all of its profile
    bool untouched = false;
    bool dropped = false;
  };

  void find_places(std::span<const SectionEdit> edits) {
    std::unordered_map<std::string_view, Place*> by_name;
    places_.reserve(edits.size());
    for (const SectionEdit& edit : edits) {
      by_name.emplace(edit.profile, &places_.emplace_back(Place{&edit, {}}));
    }
    for (const Section& section : file_.sections()) {
      const auto found = by_name.find(profile_of(section.name, kind_));
      if (found == by_name.end()) continue;
      found->second->sections.push_back(&section);
      touched_.emplace_back(&section, found->second);
    }
    for (Place& place : places_) {
      place.untouched = changes_nothing(place);
      place.dropped = !place.untouched && place.edit->drop_empty && is_used_up(place);
    }
  }

  void edit_section(const Section& section, const Place& place) {
    if (place.untouched) {
      writer_.copy(file_.lines(section.line, section.line + section.line_count));
    } else if (place.dropped) {
      drop(section, *place.edit);
    } else if (place.sections.front() == &section) {
      write_merged(place);
    } else {
      write_tail(section, *place.edit);
    }
  }

  // An edit that only removes, and finds nothing.
  static bool changes_nothing(const Place& place) {
    if (!place.edit->set.empty()) return false;
    return std::none_of(place.sections.begin(), place.sections.end(), [&](const Section* section) {
      const std::vector<Property> properties = section->properties();
      return std::any_of(properties.begin(), properties.end(),
                         [&](const Property& p) { return touches(*place.edit, p.key); });
    });
  }

  bool is_used_up(const Place& place) const {
    return std::all_of(place.sections.begin(), place.sections.end(), [&](const Section* section) {
      const std::string_view header = trimmed(file_.line(section->line));
      const Body body = BodyReader(file_, *place.edit).read(*section);
      return header.ends_with(']') && !holds_more(body) && !would_expose(*section);
    });
  }

  // A header below that is indented: to the AWS CLI it would be part of the key above.
  bool would_expose(const Section& section) const {
    const Section* const next = &section + 1;
    return next != file_.sections().data() + file_.sections().size() &&
           ini::indent(file_.line(next->line)) > 0;
  }

  // All but the lines at the end, with one of the blank lines around it.
  void drop(const Section& section, const SectionEdit& edit) {
    Body body = BodyReader(file_, edit).read(section);
    Body tail = split_end(body);
    const bool at_top = writer_.is_empty();
    const bool at_end = section.line + section.line_count == file_.line_total();
    if (at_top && !tail.empty()) tail.erase(tail.begin());
    if (!tail.empty() || at_end) writer_.drop_blank_line();
    for (const BodyLine& line : tail) writer_.copy(line.text);
  }

  void write_merged(const Place& place) {
    const auto has_prefix = [&](const Section* section) {
      return section->name != place.edit->profile;
    };
    Body body = BodyReader(file_, *place.edit).read(*place.sections.front());
    const Body tail = split_tail(body);
    // [default] beside [profile default]
    const bool passed_over = std::any_of(place.sections.begin(), place.sections.end(), has_prefix);
    if (passed_over && !has_prefix(place.sections.front())) retire(body);
    for (std::size_t i = 1; i < place.sections.size(); ++i) {
      Body more = BodyReader(file_, *place.edit).read(*place.sections[i]);
      split_tail(more);
      if (passed_over && !has_prefix(place.sections[i])) retire(more);
      for (BodyLine& line : more) {
        if (line.kind == Kind::own || line.kind == Kind::gone) continue;
        line.aligned = true;
        body.push_back(line);
      }
    }
    drop_repeated_places(body);
    retire_repeated_keys(body);
    const std::string indent = align(body, place);
    write_header(*place.sections.front());
    write_body(body, *place.edit, indent);
    for (const BodyLine& line : tail) writer_.copy(line.text);
  }

  // What a second section of the same name leaves where it stood: the comments at its end.
  void write_tail(const Section& section, const SectionEdit& edit) {
    Body body = BodyReader(file_, edit).read(section);
    const Body tail = split_tail(body);
    const bool blank = std::all_of(tail.begin(), tail.end(),
                                   [](const BodyLine& line) { return trimmed(line.text).empty(); });
    if (blank) return;
    for (const BodyLine& line : tail) writer_.copy(line.text);
  }

  // The indentation of the section's keys; lines that stand otherwise are marked. A header below
  // that is indented deeper than the last key would be part of that key to the AWS CLI. (One that
  // is indented beyond all reason is.)
  std::string align(Body& body, const Place& place) const {
    const Section* next = nullptr;
    const auto below = file_.sections().subspan(
        static_cast<std::size_t>(place.sections.front() - file_.sections().data()) + 1);
    for (const Section& section : below) {
      if (profile_of(section.name, kind_) == place.edit->profile) continue;
      next = &section;
      break;
    }
    std::string_view header = next == nullptr ? "" : file_.line(next->line);
    if (ini::indent(header) > ini::deepest_indent) header = {};
    if (!is_flat(body, ini::indent(header))) {
      for (BodyLine& line : body) line.aligned = true;
    }
    const auto first = std::find_if(body.begin(), body.end(), [](const BodyLine& line) {
      return begins(line) && !line.aligned;
    });
    return indentation(first == body.end() ? header : first->text);
  }

  void write_body(const Body& body, const SectionEdit& edit, const std::string& indent) {
    const auto last_own = std::find_if(body.rbegin(), body.rend(),
                                       [](const BodyLine& line) { return line.kind == Kind::own; });
    const auto missing = [&] {
      for (const auto& [key, value] : edit.set) {
        const bool placed =
            std::any_of(body.begin(), body.end(), [&, &name = key](const auto& line) {
              return line.kind == Kind::own && line.key == name;
            });
        if (!placed) writer_.write(indent, key, " = ", value);
      }
    };
    if (last_own == body.rend()) missing();
    for (const BodyLine& line : body) {
      write_line(line, edit, indent);
      if (last_own != body.rend() && &line == &*last_own) missing();
    }
  }

  void write_line(const BodyLine& line, const SectionEdit& edit, const std::string& indent) {
    // What the AWS CLI may have taken for part of another value, and would now refuse.
    const bool lost = line.aligned && (line.kind == Kind::broken ||
                                       (line.nested && !ini::is_nested_pair(trimmed(line.text))));
    if (line.kind == Kind::gone) return;
    if (line.kind == Kind::own) {
      const auto set = std::find_if(edit.set.begin(), edit.set.end(),
                                    [&](const auto& pair) { return pair.first == line.key; });
      writer_.write(indent, set->first, " = ", set->second);
    } else if (line.retired || lost) {
      writer_.write("# ", trimmed(line.text));
    } else if (line.aligned && line.kind != Kind::silent) {
      writer_.write(indent, line.kind == Kind::continuation ? "  " : "", trimmed(line.text));
    } else {
      writer_.copy(line.text);
    }
  }

  // `[ x ]` is another name to botocore, and `[x] # [y]` too; a byte order mark hides the section
  // from Terraform. A comment behind the bracket stays, anything else becomes one.
  void write_header(const Section& section) {
    const std::string_view line = ini::without_line_end(file_.line(section.line));
    const std::string_view behind = line.substr(line.find(']') + 1);
    const std::string_view rest = ini::trim(behind);
    const bool harmless =
        rest.empty() || (ini::is_comment(rest) && rest.find(']') == std::string_view::npos);
    writer_.write("[", header_of(profile_of(section.name, kind_)), "]",
                  harmless ? behind : std::string_view{});
    if (!harmless) writer_.write(ini::is_comment(rest) ? "" : "# ", rest);
  }

  std::string header_of(std::string_view profile) const {
    const bool prefixed = kind_ == FileKind::config && profile != "default";
    return (prefixed ? "profile " : "") + std::string(profile);
  }

  void append_section(const SectionEdit& edit) {
    writer_.end_line();
    // Even below a blank line: whoever takes the section away again takes one with it.
    if (!writer_.is_empty()) writer_.write({});
    writer_.write("[", header_of(edit.profile), "]");
    for (const auto& [key, value] : edit.set) writer_.write(key, " = ", value);
  }

  const SharedFile& file_;
  FileKind kind_;
  Writer writer_;
  std::vector<Place> places_;                               // one for each edit
  std::vector<std::pair<const Section*, Place*>> touched_;  // in the order of the file
};

}  // namespace

base::WipedString edited(const SharedFile& file, FileKind kind,
                         std::span<const SectionEdit> edits) {
  return Editor(file, kind).run(edits);
}

}  // namespace aws

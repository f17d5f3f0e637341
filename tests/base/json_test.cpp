#include "base/json.h"

#include <gtest/gtest.h>

namespace base {
namespace {

using Layout = JsonWriter::Layout;

std::string document(Layout layout) {
  JsonWriter json(layout);
  json.open_object().member("a", "x").key("b").open_array().text("y").number(-1).close();
  json.key("c").open_object().close().key("d").boolean(true).key("e").open_array().close();
  return std::string(json.close().take());
}

TEST(JsonWriter, LaysOutAsAsked) {
  EXPECT_EQ(document(Layout::compact), R"({"a":"x","b":["y",-1],"c":{},"d":true,"e":[]})");
  EXPECT_EQ(document(Layout::spaced), R"({"a": "x", "b": ["y", -1], "c": {}, "d": true, "e": []})");
  EXPECT_EQ(document(Layout::indented),
            "{\n  \"a\": \"x\",\n  \"b\": [\n    \"y\",\n    -1\n  ],\n  \"c\": {},\n"
            "  \"d\": true,\n  \"e\": []\n}");
}

TEST(JsonWriter, EscapesWhatMustBeEscaped) {
  const auto quoted = [](std::string_view text) {
    return std::string(JsonWriter().text(text).take());
  };
  EXPECT_EQ(quoted(""), "\"\"");
  EXPECT_EQ(quoted("a/b+c="), "\"a/b+c=\"");
  EXPECT_EQ(quoted("\"\\\n\x1f\x7f\xc3\xa4"), "\"\\\"\\\\\\u000a\\u001f\x7f\xc3\xa4\"");
}

TEST(JsonWriter, PutsEveryTextThroughTheFilter) {
  JsonWriter json(Layout::compact, [](std::string_view text) { return std::string(text) + "!"; });
  json.open_object().member("a", "b").close();
  EXPECT_EQ(json.take(), R"({"a!":"b!"})");
}

TEST(JsonText, IsFoundByItsPath) {
  const std::string_view json =
      " { \"x\" : [1, -2.5e+3, true, null, {}], \"a\": {\"b\": \"one\", \"b\": "
      "\"t\\u00e4\\ud83d\\ude00\\n\"},"
      "\"b\":\"other\"} \n";
  EXPECT_EQ(json_text(json, "a/b").value(), "t\xc3\xa4\xf0\x9f\x98\x80\n");
  EXPECT_EQ(json_text(json, "b").value(), "other");
  EXPECT_EQ(json_text("\"text\"", "").value(), "text");
  EXPECT_EQ(json_text(R"({"a":""})", "a").value(), "");
  for (const char* path : {"", "a", "x", "c", "a/c", "a/b/c", "x/b"}) {
    EXPECT_FALSE(json_text(json, path)) << path;
  }
}

TEST(JsonText, IsNothingInWhatIsNotJson) {
  for (const std::string& json : {std::string(),
                                  std::string("x"),
                                  std::string(R"({"a":"b")"),
                                  std::string(R"({"a":"b"}})"),
                                  std::string(R"({"a":"b",})"),
                                  std::string(R"({a:"b"})"),
                                  std::string(R"({"a" "b"})"),
                                  std::string(R"({"a":"b"} {"a":"b"})"),
                                  std::string(R"({"c":01,"a":"b"})"),
                                  std::string(R"({"c":[1,],"a":"b"})"),
                                  std::string("{\"a\":\"b\n\"}"),
                                  std::string("{\"a\":\"\xff\"}"),
                                  std::string(R"({"a":"\x"})"),
                                  std::string(R"({"a":"\ud800"})"),
                                  std::string(R"({"a":"\udc00"})"),
                                  std::string(R"({"a":"\u12"})"),
                                  std::string(R"({"a":"b)"),
                                  std::string(R"({"a":"b\)"),
                                  std::string(100000, '['),
                                  std::string("{\"a\":\"b\",\"c\":") + std::string(100000, '[')}) {
    EXPECT_FALSE(json_text(json, "a")) << json.substr(0, 40);
  }
}

}  // namespace
}  // namespace base

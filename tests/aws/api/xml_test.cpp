#include "aws/api/xml.h"

#include "support/error.h"

#include <gtest/gtest.h>
#include <string>

namespace aws {
namespace {

using support::error_of;

const std::string hint = "\nhint: check --endpoint-url and the proxy (HTTPS_PROXY)";

std::string text(std::string_view xml, std::string_view path) {
  base::WipedString body(xml);
  return std::string(XmlAnswer(body).text(path));
}

TEST(Xml, FindsATextByItsPathBelowTheRoot) {
  EXPECT_EQ(text("<r><a><b>v</b></a></r>", "a/b"), "v");
  EXPECT_EQ(text("<?xml version=\"1.0\"?>\n<r><a>v</a></r>", "a"), "v");
  EXPECT_EQ(text("<r><a>v</a></r>", "r/a"), "");
  EXPECT_EQ(text("<r><a/></r>", "a"), "");
  EXPECT_EQ(text("<r><a>v</a></r>", "a/b"), "");
}

TEST(Xml, DoesNotCareForNamespacesAndNeighbours) {
  EXPECT_EQ(text("<n:r xmlns:n=\"u\"><n:x>1</n:x><!-- c --><n:a y=\"2\">v</n:a></n:r>", "a"), "v");
  EXPECT_EQ(text("<r xmlns=\"u\"><a>first</a><a>second</a></r>", "a"), "first");
}

TEST(Xml, DropsBlanksRoundAText) {
  EXPECT_EQ(text("<r>\r\n  <a>\n\t v w \r\n</a>\n</r>\n", "a"), "v w");
}

TEST(Xml, ReadsEntitiesAndCharacterData) {
  EXPECT_EQ(text("<r><a>&lt;&amp;&#x41;&#66;&gt;</a></r>", "a"), "<&AB>");
  EXPECT_EQ(text("<r><a><![CDATA[<v>]]></a></r>", "a"), "<v>");
}

TEST(Xml, ExpandsNoEntityOfADocument) {
  EXPECT_EQ(text("<!DOCTYPE r [<!ENTITY e \"boom\">]><r><a>&e;</a></r>", "a"), "&e;");
}

TEST(Xml, ParsesInPlace) {
  base::WipedString body = "<r><a>secret</a></r>";
  const XmlAnswer answer(body);
  const std::string_view found = answer.text("a");
  EXPECT_GE(found.data(), body.data());
  EXPECT_LT(found.data(), body.data() + body.size());
}

TEST(Xml, TellsWhatIsNone) {
  for (const char* body :
       {"", " ", "{\"Error\":1}", "<html><body><br></body>", "<r><a></r>", "<r", "no xml at all"}) {
    base::WipedString bytes(body);
    const XmlAnswer answer(bytes);
    EXPECT_FALSE(answer.well_formed()) << body;
    EXPECT_EQ(answer.text("a"), "") << body;
    EXPECT_TRUE(answer.members("a", "b").empty()) << body;
    const std::string expected = "1 the answer is not from AWS: it is not XML" + hint;
    EXPECT_EQ(error_of([&] { answer.required("a"); }), expected) << body;
    EXPECT_EQ(error_of([&] { answer.require_element("a"); }), expected) << body;
  }
}

TEST(Xml, RequiresATextOrAnElement) {
  base::WipedString body = "<r><a><b/><c>v</c></a></r>";
  const XmlAnswer answer(body);
  EXPECT_EQ(answer.required("a/c"), "v");
  EXPECT_EQ(error_of([&] { answer.required("a/b"); }), "1 the answer from AWS lacks b" + hint);
  EXPECT_EQ(error_of([&] { answer.require_element("a/b"); }), "nothing was thrown");
  EXPECT_EQ(error_of([&] { answer.require_element("a/d"); }),
            "1 the answer from AWS lacks d" + hint);
}

TEST(Xml, ListsMembers) {
  base::WipedString body =
      "<r><l><member><k>1</k><x>9</x></member><other><k>2</k></other><n:member><k> 3 </k>"
      "</n:member><member/></l></r>";
  const XmlAnswer answer(body);
  EXPECT_EQ(answer.members("l", "k"), (std::vector<std::string_view>{"1", "3", ""}));
  EXPECT_TRUE(answer.members("m", "k").empty());
}

}  // namespace
}  // namespace aws

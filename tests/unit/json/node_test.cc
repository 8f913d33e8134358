#include "json/node.h"

#include <string>

#include <gtest/gtest.h>

#include "json/document.h"
#include "json/write.h"

namespace sz::json {
namespace {

class NodeTest : public testing::Test {
 protected:
  Node parse(std::string_view text) {
    const auto node = document_.parse(text);
    EXPECT_TRUE(node) << text;
    return node ? *node : Node();
  }
  std::string field(std::string_view text, std::string name) {
    const auto value = parse(text).field(Key(std::move(name)));
    return value ? std::string(value->raw()) : "-";
  }
  std::string decoded(std::string_view text) {
    std::string scratch;
    return std::string(parse(text).string(scratch));
  }
  Document document_;
};

TEST_F(NodeTest, Kinds) {
  EXPECT_FALSE(Node().valid());
  EXPECT_EQ(parse("null").kind(), Kind::null);
  EXPECT_EQ(parse("true").kind(), Kind::boolean);
  EXPECT_TRUE(parse("true").boolean());
  EXPECT_FALSE(parse("false").boolean());
  EXPECT_EQ(parse("-1").kind(), Kind::number);
  EXPECT_EQ(parse("7").kind(), Kind::number);
  EXPECT_EQ(parse("\"\"").kind(), Kind::string);
  EXPECT_EQ(parse("[]").kind(), Kind::array);
  EXPECT_EQ(parse("{}").kind(), Kind::object);
}

TEST_F(NodeTest, RawIsWhatWasWritten) {
  EXPECT_EQ(parse(" [ 1 , 2 ] ").raw(), "[ 1 , 2 ]");
  EXPECT_EQ(parse(" \"a\\n\" ").raw(), "\"a\\n\"");
  EXPECT_EQ(parse("\t1.10 ").raw(), "1.10");
  EXPECT_EQ(parse("{\"a\" :\t12345678901234567890123 ,\"b\":true}").field(Key("a"))->raw(),
            "12345678901234567890123");
  EXPECT_EQ(parse("[\" \" ]").element(0)->raw(), "\" \"");
  EXPECT_EQ(parse("[\"\\\\\" ]").element(0)->raw(), "\"\\\\\"");
}

TEST_F(NodeTest, Field) {
  EXPECT_EQ(field("{}", "a"), "-");
  EXPECT_EQ(field("{\"a\":1}", "a"), "1");
  EXPECT_EQ(field("{\"a\":1}", "b"), "-");
  EXPECT_EQ(field("{\"a\":1}", ""), "-");
  EXPECT_EQ(field("{\"\":1}", ""), "1");
  EXPECT_EQ(field("{\"a\":{\"b\":1},\"b\":[{\"b\":2}]}", "b"), "[{\"b\":2}]");
  EXPECT_EQ(field("{\"a\":[],\"b\":{},\"c\":3}", "a"), "[]");
  EXPECT_EQ(field("{\"b\":\"a\",\"c\":\"b\"}", "a"), "-");
  EXPECT_EQ(field("{\"ab\":1,\"abc\":2}", "ab"), "1");
}

TEST_F(NodeTest, FieldNamesOfEachLength) {
  for (std::size_t n = 0; n < 40; ++n) {
    const std::string name(n, 'x');
    const std::string text =
        "{\"" + name + "y\":1,\"" + name + "\":2,\"" + name + "xx\":3,\"q" + name + "\":4}";
    EXPECT_EQ(field(text, name), "2") << n;
    if (n != 0) {
      std::string other = name;
      other.back() = 'z';
      EXPECT_EQ(field(text, other), "-") << n;
    }
  }
}

TEST_F(NodeTest, LastDuplicateWins) {
  EXPECT_EQ(field("{\"a\":1,\"a\":2}", "a"), "2");
  EXPECT_EQ(field("{\"a\":1,\"b\":3,\"\\u0061\":2}", "a"), "2");
  EXPECT_EQ(field("{\"\\u0061\":2,\"a\":[1]}", "a"), "[1]");
}

TEST_F(NodeTest, EscapedKeys) {
  EXPECT_EQ(field("{\"\\u0061b\":1}", "ab"), "1");
  EXPECT_EQ(field("{\"a\\nb\":1}", "a\nb"), "1");
  EXPECT_EQ(field("{\"a\\nb\":1}", "a\\nb"), "-");
  EXPECT_EQ(field("{\"a\\\\nb\":1}", "a\\nb"), "1");
  EXPECT_EQ(field("{\"\\\"\":1}", "\""), "1");
  EXPECT_EQ(field("{\"\\\"\":1}", "\\\""), "-");
  EXPECT_EQ(field("{\"\\u0000\":1}", std::string(1, '\0')), "1");
  EXPECT_EQ(field("{\"\\ud83d\\ude00\":1}", "😀"), "1");
  EXPECT_EQ(field("{\"\\ud83d\":1}", "\uFFFD"), "1");
  EXPECT_EQ(field("{\"\":1}", std::string(1, '\0')), "-");
  EXPECT_EQ(field("{\"\x7f\":1}", "\x7f"), "1");
  EXPECT_EQ(field("{\"a\":1}", "a\":1}"), "-");
}

TEST_F(NodeTest, Strings) {
  EXPECT_EQ(decoded("\"plain é\""), "plain é");
  EXPECT_EQ(decoded(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(decoded(R"("\u0041\u00e9\u20AC\ud83d\ude00")"), "Aé€😀");
  EXPECT_EQ(decoded(R"("a\u0000b")"), std::string("a\0b", 3));
  EXPECT_EQ(decoded(R"("\ud800")"), "\uFFFD");
  EXPECT_EQ(decoded(R"("\ud800x\udc00")"), "\uFFFDx\uFFFD");
  EXPECT_EQ(decoded(R"("\ud800\ud83d\ude00")"), "\uFFFD😀");
  EXPECT_EQ(decoded(R"("\ud800\u0041")"), "\uFFFDA");
  EXPECT_EQ(decoded(R"("\ud800\n")"), "\uFFFD\n");
  EXPECT_FALSE(parse("\"a\"").string_escaped());
  EXPECT_TRUE(parse("\"\\n\"").string_escaped());
  EXPECT_EQ(parse("\"\\n\"").string_raw(), "\\n");
}

TEST_F(NodeTest, StringIs) {
  EXPECT_TRUE(parse("\"abc\"").string_is("abc"));
  for (const char* text : {"", "a", "abcdefg", "abcdefgh", "abcdefghijk", "a\"b", "a\\b", "a\nb", "\u00e9"}) {
    std::string quoted;
    append_string(quoted, text);
    EXPECT_TRUE(parse(quoted).string_is(Key(text))) << text;
    EXPECT_FALSE(parse(quoted).string_is(Key(std::string(text) + "x"))) << text;
    EXPECT_FALSE(parse("\"y" + quoted.substr(1)).string_is(Key(text))) << text;
  }
  EXPECT_TRUE(parse("\"a\\u0062c\"").string_is(Key("abc")));
  EXPECT_FALSE(parse("\"a\\u0062c\"").string_is(Key("a\\u0062c")));
  EXPECT_FALSE(parse("\"abc\"").string_is("ab"));
  EXPECT_FALSE(parse("\"abc\"").string_is("abcd"));
  EXPECT_TRUE(parse("\"\"").string_is(""));
  EXPECT_TRUE(parse("\"a\\u0062c\"").string_is("abc"));
  EXPECT_FALSE(parse("\"a\\u0062c\"").string_is("ab"));
  EXPECT_FALSE(parse("\"a\\u0062c\"").string_is("abcd"));
  EXPECT_FALSE(parse("\"a\\u0062c\"").string_is("a\\u0062c"));
  EXPECT_TRUE(parse("\"\\ud83d\\ude00\"").string_is("😀"));
}

TEST_F(NodeTest, Containers) {
  const Node array = parse("[0,[1,1],{\"2\":2},\"3\",[],4]");
  EXPECT_EQ(array.size(), 6U);
  EXPECT_FALSE(array.empty());
  EXPECT_EQ(array.element(1)->raw(), "[1,1]");
  EXPECT_EQ(array.element(5)->raw(), "4");
  EXPECT_FALSE(array.element(6));
  EXPECT_TRUE(parse("[]").empty());
  EXPECT_EQ(parse("[ ]").size(), 0U);
  EXPECT_FALSE(parse("[]").element(0));
  std::string seen;
  const Node object = parse("{\"a\":1,\"b\":[{\"x\":0}],\"a\":{\"y\":[]}}");
  for (const auto& [key, value] : object.members()) {
    seen += key.string_raw();
    seen += value.raw();
  }
  EXPECT_EQ(seen, "a1b[{\"x\":0}]a{\"y\":[]}");
  EXPECT_EQ(object.size(), 3U);
  EXPECT_TRUE(parse("{}").empty());
  EXPECT_EQ(parse("{ }").size(), 0U);
}

TEST_F(NodeTest, DocumentParsesAPieceOfItself) {
  const std::string big = std::string("[\"").append(1000, 'x') + "\",[1,{\"a\":\"\\n\"}]]";
  EXPECT_EQ(parse(parse(big).element(1)->raw()).raw(), "[1,{\"a\":\"\\n\"}]");
  EXPECT_EQ(parse(parse("[1,{\"a\":\"\\n\"}]").element(1)->raw()).raw(), "{\"a\":\"\\n\"}");
}

TEST_F(NodeTest, DocumentKeepsItsOwnText) {
  std::string text = "{\"a\":[1,2]}";
  const Node node = parse(text);
  text.assign(text.size(), 'x');
  EXPECT_EQ(node.raw(), "{\"a\":[1,2]}");
  Document other = std::move(document_);
  EXPECT_EQ(node.raw(), "{\"a\":[1,2]}");
  EXPECT_EQ(other.parse_valid("[\"\\n\"]").element(0)->string_escaped(), true);
  EXPECT_FALSE(other.parse(""));
  EXPECT_FALSE(other.parse("[1"));
}

}  // namespace
}  // namespace sz::json

TEST(Document, WrapsWhatIsAsDeepAsALineMayBe) {
  const std::string deepest = std::string(sz::json::max_depth, '[') + std::string(sz::json::max_depth, ']');
  sz::json::Document document;
  ASSERT_TRUE(document.parse(deepest));
  EXPECT_FALSE(document.parse("[" + deepest + "]"));
  const sz::json::Node wrapped = document.parse_valid("[" + deepest + "]");
  ASSERT_TRUE(wrapped.valid());
  EXPECT_EQ(wrapped.element(0)->raw(), deepest);
}

#include "doc/pages.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "doc/mdoc.h"

namespace sz::doc {
namespace {

std::filesystem::path root() {
#ifdef SZ_SOURCE_DIR
  return SZ_SOURCE_DIR;
#else
  return std::filesystem::path(__FILE__).parent_path() / "../../..";
#endif
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

/// `make docs` was run after the last change of a declaration.
TEST(Pages, CommittedOnesAreFresh) {
  for (const Page& page : pages(read(root() / "man/sz.1.in")))
    EXPECT_EQ(read(root() / page.path), page.text) << page.path;
}

TEST(Pages, ManualLeavesNoPlaceholder) {
  for (const Page& page : pages(read(root() / "man/sz.1.in"))) {
    if (page.path != "man/sz.1") continue;
    EXPECT_EQ(page.text.find("\n@"), std::string::npos);
    for (const Declaration* stage : plan::stages())
      EXPECT_NE(page.text.find(std::string("\n.Ss ").append(stage->name).append("\n")), std::string::npos)
          << stage->name;
  }
}

TEST(Mdoc, TextStaysText) {
  Mdoc page;
  page.text(".a is a path. Then \\n is two bytes. e.g. this goes on.");
  page.literal("'x' -n\n.y ~`^");
  page.paragraphs("One.\n\n  code\n    more\n\nTwo.");
  EXPECT_EQ(page.take(), R"(\&.a is a path.
Then \en is two bytes. e.g. this goes on.
.Bd -literal -offset indent
\&\(aqx\(aq \-n
\&.y \(ti\(ga\(ha
.Ed
One.
.Bd -literal -offset indent
code
  more
.Ed
.Pp
Two.
)");
}

}  // namespace
}  // namespace sz::doc

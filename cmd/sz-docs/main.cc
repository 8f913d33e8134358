// Writes what is made from the declarations of the stages. Not installed.
//
//   sz-docs write ROOT   man/*, completions/* and the table of stages in README.md below ROOT
//   sz-docs check ROOT   exit 1 and name them if they are not what `write` would write
//   sz-docs examples     every example, one JSON object a line

#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doc/pages.h"
#include "doc/readme.h"

namespace {

std::optional<std::string> read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

bool write(const std::string& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  out << text << std::flush;
  return static_cast<bool>(out);
}

int complain(std::string_view what, std::string_view path) {
  std::fprintf(stderr, "sz-docs: %.*s %.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(path.size()), path.data());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view verb = argc > 1 ? argv[1] : "";
  if (verb == "examples") {
    const std::string all = sz::doc::examples();
    return std::fwrite(all.data(), 1, all.size(), stdout) == all.size() && std::fflush(stdout) == 0 ? 0 : 1;
  }
  if (argc != 3 || (verb != "write" && verb != "check"))
    return complain("usage:", "sz-docs write|check ROOT, sz-docs examples");
  const std::string root = std::string(argv[2]).append("/");
  const auto prose = read(root + "man/sz.1.in");
  if (!prose) return complain("cannot read", root + "man/sz.1.in");
  std::vector<sz::doc::Page> pages = sz::doc::pages(*prose);
  const auto readme = sz::doc::readme(read(root + "README.md").value_or(""));
  if (!readme) return complain("no README.md with a place for the stages in", root);
  pages.push_back({"README.md", *readme});
  int status = 0;
  for (const sz::doc::Page& page : pages) {
    const std::string path = root + page.path;
    if (verb == "write" && !write(path, page.text)) status = complain("cannot write", path);
    if (verb == "check" && read(path) != page.text) status = complain("out of date, run make docs:", path);
  }
  return status;
}

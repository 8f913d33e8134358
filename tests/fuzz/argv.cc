#include <string>
#include <vector>

#include "fuzz/fuzz.h"
#include "plan/command.h"
#include "plan/report.h"

// A command line, its words separated by newlines: it is read, or the error's report is safe for a terminal.

using namespace sz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text(data, size);
  if (rest.find('\0') != std::string_view::npos) return 0;  // no word can hold one
  std::vector<std::string> words;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    words.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const auto command = plan::parse_command(words);
  if (command) return 0;
  const std::string said = plan::report(command.error(), words);
  fuzz::require(!said.empty() && said.back() == '\n');
  for (const char c : said) fuzz::require(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
  return 0;
}

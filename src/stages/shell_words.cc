#include "stages/shell_words.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace sz {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_operator(std::string_view word) {
  constexpr std::array<std::string_view, 15> all = {"|",  "||", "&",  "&&",  ";",    ">",    ">>", "<",
                                                    "<<", "|&", "2>", "2>>", "1>&2", "2>&1", "&>"};
  return std::ranges::find(all, word) != all.end();
}

/// Reads one word after the other.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::expected<std::vector<ShellWord>, ShellWordFault> all() {
    std::vector<ShellWord> words;
    while (true) {
      while (at_ < text_.size() && blank(text_[at_])) ++at_;
      if (at_ == text_.size()) return words;
      ShellWord word{.text = {}, .offset = at_};
      if (const std::size_t unclosed = read(word.text); unclosed != closed)
        return std::unexpected(ShellWordFault{.message = fmt::format("the {} has no end", text_[unclosed]),
                                              .hint = {},
                                              .offset = unclosed,
                                              .length = text_.size() - unclosed});
      word.length = at_ - word.offset;
      if (is_operator(text_.substr(word.offset, word.length)))
        return std::unexpected(ShellWordFault{.message = fmt::format("no shell reads this {}", word.text),
                                              .hint = fmt::format("use --sh, or quote it: '{}'", word.text),
                                              .offset = word.offset,
                                              .length = word.length});
      words.push_back(std::move(word));
    }
  }

 private:
  static constexpr std::size_t closed = static_cast<std::size_t>(-1);

  /// Where a quote was opened that has no end, or `closed`.
  std::size_t read(std::string& word) {
    while (at_ < text_.size() && !blank(text_[at_])) {
      const char c = text_[at_];
      const std::size_t opened = at_++;
      if (c == '\'') {
        const std::size_t close = text_.find('\'', at_);
        if (close == std::string_view::npos) return opened;
        word += text_.substr(at_, close - at_);
        at_ = close + 1;
      } else if (c == '"') {
        if (!double_quoted(word)) return opened;
      } else if (c == '\\') {
        if (at_ == text_.size()) return opened;
        if (text_[at_] != '\n') word += text_[at_];
        ++at_;
      } else {
        word += c;
      }
    }
    return closed;
  }

  bool double_quoted(std::string& word) {
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      const bool escapes = text_[at_] == '\\' && at_ + 1 < text_.size() &&
                           std::string_view("$`\"\\\n").find(text_[at_ + 1]) != std::string_view::npos;
      if (escapes && text_[++at_] == '\n') continue;
      word += text_[at_];
    }
    return at_++ < text_.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::expected<std::vector<ShellWord>, ShellWordFault> split_shell_words(std::string_view text) {
  return Splitter(text).all();
}

}  // namespace sz

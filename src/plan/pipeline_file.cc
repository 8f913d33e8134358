#include "plan/pipeline_file.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "core/quote.h"
#include "plan/expression_file.h"
#include "plan/option_parser.h"
#include "plan/registry.h"
#include "plan/words.h"

namespace sz::plan {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Are all words globals and their values?
bool only_globals(Words words) {
  std::vector<const OptionDeclaration*> options;
  for (const OptionDeclaration& option : globals()) options.push_back(&option);
  const auto read = take_words(words, 0, words.size(), options, true);
  return read && read->end == words.size();
}

}  // namespace

/// Takes the text apart, line by line.
class PipelineFile::Splitter {
 public:
  explicit Splitter(PipelineFile& file) : file_(file), text_(file.text_) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  std::expected<void, PlanError> run() {
    if (const std::size_t nul = text_.find('\0'); nul != std::string::npos)
      return std::unexpected(file_.at("a NUL byte is no part of a pipeline", {}, nul, nul + 1));
    while (at_ < text_.size()) {
      line_.clear();
      places_.clear();
      if (auto done = line(); !done) return done;
      if (!line_.empty()) add_line();
    }
    return {};
  }

 private:
  /// The words up to the end of a line that does not go on.
  std::expected<void, PlanError> line() {
    while (true) {
      skip_blanks();
      if (at_ == text_.size()) return {};
      if (text_[at_] == '#') at_ = std::min(text_.find('\n', at_), text_.size());
      if (at_ == text_.size() || text_[at_++] == '\n') return {};
      --at_;
      if (auto done = word(); !done) return done;
    }
  }

  void skip_blanks() {
    while (at_ < text_.size() && (is_blank(text_[at_]) || skip_joint())) at_ += is_blank(text_[at_]) ? 1 : 0;
  }

  /// A backslash at the end of a line.
  bool skip_joint() {
    if (text_.compare(at_, 2, "\\\n") == 0) return at_ += 2, at_ < text_.size();
    if (text_.compare(at_, 3, "\\\r\n") == 0) return at_ += 3, at_ < text_.size();
    return false;
  }

  std::expected<void, PlanError> word() {
    std::string made;
    Place place{.begin = at_, .end = at_, .bytes = {}, .put_in = false};
    const auto take = [&] {
      place.bytes.push_back(at_);
      made += text_[at_++];
    };
    while (at_ < text_.size() && text_[at_] != '\n' && !is_blank(text_[at_])) {
      const char c = text_[at_];
      if (c == '\'' || c == '"') {
        const std::size_t open = at_++;
        while (at_ < text_.size() && text_[at_] != c) {
          if (c == '"' && text_[at_] == '\\' && at_ + 1 < text_.size() &&
              (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\'))
            ++at_;
          take();
        }
        if (at_ == text_.size())
          return std::unexpected(
              file_.at(fmt::format("this {} is never closed", c == '"' ? "double quote" : "quote"), {}, open,
                       open + 1));
        ++at_;
      } else if (c == '\\') {
        if (skip_joint()) continue;
        if (at_ == text_.size()) break;
        return std::unexpected(file_.at("a backslash outside quotes stands only at the end of a line",
                                        "quote the word: '...'", at_, at_ + 1));
      } else {
        take();
      }
    }
    place.end = at_;
    line_.push_back(std::move(made));
    places_.push_back(std::move(place));
    return {};
  }

  /// Whether the line goes on with the step of the line before it.
  bool goes_on() {
    const std::string& last = file_.words_.back();
    const std::string& first = line_.front();
    if (last == "[" || is_then(last) || is_separator(first)) return true;
    if (first == "else" && line_.size() > 1 && line_[1] == "[") return true;
    globals_ = globals_ && only_globals(file_.words_);
    return globals_;
  }

  void add_line() {
    if (!file_.words_.empty() && !goes_on()) {
      const std::size_t place = places_.front().begin;
      file_.words_.emplace_back("then");
      file_.places_.push_back(
          {.begin = place, .end = place, .bytes = std::vector<std::size_t>(4, place), .put_in = true});
    }
    std::ranges::move(line_, std::back_inserter(file_.words_));
    std::ranges::move(places_, std::back_inserter(file_.places_));
  }

  PipelineFile& file_;
  const std::string& text_;
  std::size_t at_ = 0;
  bool globals_ = true;  // no stage has come yet
  std::vector<std::string> line_;
  std::vector<Place> places_;
};

std::expected<PipelineFile, PlanError> PipelineFile::read(const std::string& path) {
  auto text = read_expression_file(path);
  if (!text) return std::unexpected(PlanError{.message = std::move(text.error()), .hint = {}});
  return parse(path, std::move(*text));
}

std::expected<PipelineFile, PlanError> PipelineFile::parse(std::string name, std::string text) {
  PipelineFile file;
  file.name_ = std::move(name);
  file.text_ = std::move(text);
  if (auto done = Splitter(file).run(); !done) return std::unexpected(std::move(done.error()));
  return file;
}

PlanError PipelineFile::at(std::string message, std::string hint, std::size_t begin, std::size_t end) const {
  const std::size_t before = begin == 0 ? std::string::npos : text_.rfind('\n', begin - 1);
  std::size_t first = before == std::string::npos ? 0 : before + 1;
  while (first < begin && is_blank(text_[first])) ++first;
  std::size_t last = std::min(text_.find('\n', begin), text_.size());
  while (last > begin && is_blank(text_[last - 1])) --last;
  const auto number = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(first), '\n');
  return {.message = fmt::format("{}:{}: {}", quote(name_), number, message),
          .hint = std::move(hint),
          .word = 0,
          .offset = begin - first,
          .length = std::max<std::size_t>(1, std::min(end, last) - std::min(begin, last)),
          .shown = text_.substr(first, last - first)};
}

PlanError PipelineFile::located(PlanError error, std::size_t word, std::size_t instead) const {
  const Place& place = places_[word];
  if (!error.shown.empty()) {  // it shows a line of another file
    error.word = instead;
    return error;
  }
  std::size_t begin = place.begin, end = place.end;
  if ((error.offset != 0 || error.length != 0) && !place.bytes.empty()) {
    const std::size_t size = place.bytes.size();
    begin = error.offset < size ? place.bytes[error.offset] : place.bytes.back() + 1;
    const std::size_t stop = error.length == 0 ? size : std::min(size, error.offset + error.length);
    end = std::max(begin, stop == 0 ? begin : place.bytes[stop - 1] + 1);
  }
  std::string hint = std::move(error.hint);
  if (hint.empty() && word > 0 && places_[word - 1].put_in && is_option(words_[word]))
    hint = "a step is one line: end the line above with \\";
  PlanError made = at(std::move(error.message), std::move(hint), begin, end);
  made.word = instead;
  return made;
}

}  // namespace sz::plan

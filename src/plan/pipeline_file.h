#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "core/plan_error.h"

namespace sz::plan {

/// A pipeline that stands in a file (SPEC 1, "Pipeline FILE"), as the words that a command line would have,
/// and the place of each byte of them. Each line is a step: the `then` between two lines is put in. Quotes
/// are those of a shell, but a backslash escapes only `"` and `\` between double quotes, and nothing is
/// expanded.
class PipelineFile {
 public:
  /// Reads FILE. The error has no word if it cannot be read; else it shows its line, as located() does.
  static std::expected<PipelineFile, PlanError> read(const std::string& path);
  /// The same of text that is there; `name` is the file's in messages.
  static std::expected<PipelineFile, PlanError> parse(std::string name, std::string text);

  /// Globals, if there are any, then the pipeline.
  const std::vector<std::string>& words() const { return words_; }

  /// An error at word `word` of the file as one that says the line and shows it. Its own word becomes
  /// `instead`: the one of the command line that named the file.
  PlanError located(PlanError error, std::size_t word, std::size_t instead) const;

 private:
  struct Place {
    std::size_t begin = 0, end = 0;  // in text_, with the quotes
    std::vector<std::size_t> bytes;  // where in text_ each byte of the word stands
    bool put_in = false;             // the `then` for the end of a line
  };
  class Splitter;

  PlanError at(std::string message, std::string hint, std::size_t begin, std::size_t end) const;

  std::string name_, text_;
  std::vector<std::string> words_;
  std::vector<Place> places_;
};

}  // namespace sz::plan

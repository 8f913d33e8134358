#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "json/node.h"
#include "stages/template.h"

namespace sz {

/// The words of a command that a stage runs, some of them to be filled from each record.
class CommandLine {
 public:
  struct Fault {
    std::string message, hint;
    std::size_t offset = 0, length = 0;  ///< in the text
  };
  /// `--exec`: split like a shell. Refuses a place to fill where its value could become a program: in the
  /// command word, and in what a shell behind it reads as its script (`sh -c`).
  static std::expected<CommandLine, Fault> parse(std::string_view text);
  /// `--sh`: /bin/sh reads the script; it takes no places to fill.
  static std::expected<CommandLine, Fault> script(std::string_view text);

  /// The word that names the program.
  const std::string& program() const { return words_.front().literal(); }
  /// No word is filled: `words` are the arguments of every record.
  bool plain() const;
  std::vector<std::string> words() const;
  /// The argument vector for one record; the error is one phrase.
  std::expected<std::vector<std::string>, std::string> fill(const json::Node& record,
                                                            const Template::Rules& rules) const;

 private:
  std::vector<Template> words_;  // at least one
};

}  // namespace sz

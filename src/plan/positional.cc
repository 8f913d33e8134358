#include "plan/positional.h"

namespace sz::plan {

const OptionDeclaration& expression_option() {
  static const OptionDeclaration option{.name = "--expr",
                                        .letter = 'e',
                                        .type = ValueType::expression,
                                        .metavar = "EXPR",
                                        .help = "the expression, whatever it begins with",
                                        .fallback = {},
                                        .choices = {}};
  return option;
}

const OptionDeclaration& from_file_option() {
  static const OptionDeclaration option{.name = "--from-file",
                                        .letter = 'f',
                                        .type = ValueType::file,
                                        .metavar = "FILE",
                                        .help = "read the expression from FILE",
                                        .fallback = {},
                                        .choices = {}};
  return option;
}

const OptionDeclaration& help_option() {
  static const OptionDeclaration option{.name = "--help",
                                        .letter = 'h',
                                        .type = ValueType::flag,
                                        .metavar = {},
                                        .help = "-h prints one screen of help, --help everything",
                                        .fallback = {},
                                        .choices = {}};
  return option;
}

}  // namespace sz::plan

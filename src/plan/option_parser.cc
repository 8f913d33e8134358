#include "plan/option_parser.h"

#include <algorithm>
#include <charconv>

#include <CLI/CLI.hpp>

#include "plan/value.h"

namespace sz::plan {
namespace {

// Stands for a value in what CLI11 is given. No value of the user ever gets there, so it cannot be confused
// with one.
constexpr char mark = '\x01';

bool takes_value(const OptionDeclaration& option) {
  return option.type != ValueType::flag && !option.value_optional;
}

const OptionDeclaration* exactly(std::string_view word, std::span<const OptionDeclaration* const> options) {
  for (const OptionDeclaration* option : options)
    if (word == option->name ||
        (option->letter && word.size() == 2 && word[0] == '-' && word[1] == option->letter))
      return option;
  return nullptr;
}

/// The words as CLI11 gets them: values are marks with the index of their word.
std::vector<std::string> mask(Words words, std::size_t begin, std::size_t end,
                              std::span<const OptionDeclaration* const> options) {
  std::vector<std::string> masked;
  masked.reserve(end - begin);
  const OptionDeclaration* wanting =
      nullptr;        // the option of a word before, if it takes its value from this one
  bool first = true;  // of a pair
  for (std::size_t i = begin; i < end; ++i) {
    const std::string& word = words[i];
    const std::string value = mark + std::to_string(i);
    const OptionDeclaration* named = exactly(word, options);
    if (!is_option(word) || (wanting && is_free_text(wanting->type) && !named)) {
      masked.push_back(value);
      if (wanting && wanting->pair && first) {
        first = false;
      } else {
        wanting = nullptr;
      }
      continue;
    }
    const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
    masked.push_back(equals == std::string::npos ? word : word.substr(0, equals + 1) + value);
    wanting = named && takes_value(*named) ? named : nullptr;
    first = true;
    if (equals == std::string::npos) continue;
    named = exactly(word.substr(0, equals), options);
    if (named == nullptr || !named->pair) continue;
    wanting = named;
    first = false;
  }
  return masked;
}

std::optional<std::size_t> marked_word(std::string_view token) {
  if (!token.starts_with(mark)) return std::nullopt;
  std::size_t word = 0;
  std::from_chars(token.data() + 1, token.data() + token.size(), word);
  return word;
}

class Matcher {
 public:
  Matcher(Words words, std::size_t begin, std::size_t end, std::span<const OptionDeclaration* const> options,
          bool stop_at_plain)
      : words_(words),
        begin_(begin),
        end_(end),
        stop_(stop_at_plain),
        masked_(mask(words, begin, end, options)) {
    app_.set_help_flag();
    if (stop_)
      app_.prefix_command();
    else
      app_.allow_extras();
    for (const OptionDeclaration* option : options)
      if (mentioned(*option)) declare(*option);
  }

  TakenWords run() {
    left_.assign(masked_.rbegin(), masked_.rend());
    app_.parse(left_);
    result_.end = end_;
    read_extras(app_.remaining());
    return std::move(result_);
  }

 private:
  /// Whether some word may name it. An option costs CLI11 microseconds, and few of a table are used at a
  /// time.
  bool mentioned(const OptionDeclaration& option) const {
    return std::ranges::any_of(masked_, [&](std::string_view token) {
      return token.starts_with("--")
                 ? token.starts_with(option.name)
                 : option.letter && token.starts_with('-') && token.find(option.letter) != token.npos;
    });
  }

  void declare(const OptionDeclaration& option) {
    std::string names(option.name);
    if (option.letter) names.insert(0, {'-', option.letter, ','});
    app_.add_option(names,
                    [this, &option](const CLI::results_t& results) {
                      took(option, results.empty() ? std::string() : results.back(), results.size());
                      return true;
                    })
        ->expected(0, !takes_value(option) ? 0
                      : option.pair        ? 2
                                           : 1)
        ->trigger_on_parse();
  }

  /// CLI11 takes words off the end of `left_`, so what is left tells which word it has just read.
  void took(const OptionDeclaration& option, const std::string& result, std::size_t count) {
    if (option.pair && count == 2) return took_pair(option);
    const std::size_t local = masked_.size() - left_.size() - 1;
    const std::size_t word = begin_ + local;
    Taken taken{.option = &option,
                .name_word = word,
                .has_value = true,
                .value_word = word,
                .offset = 0,
                .value = {}};
    const std::string& token = masked_[local];
    if (token.starts_with(mark)) {
      taken.name_word = word - 1;
    } else if (token.starts_with("--")) {
      const std::size_t equals = token.find('=');
      taken.has_value = equals != std::string::npos;
      taken.offset = taken.has_value ? equals + 1 : 0;
    } else {
      taken.has_value = takes_value(option) && !result.empty();
      taken.offset = taken.has_value ? words_[word].size() - result.size() : 0;
    }
    if (taken.has_value) taken.value = words_[word].substr(taken.offset);
    result_.taken.push_back(std::move(taken));
  }

  void took_pair(const OptionDeclaration& option) {
    const std::size_t local = masked_.size() - left_.size() - 1;
    const std::size_t equals = masked_[local - 1].starts_with("--") ? masked_[local - 1].find('=') : 0;
    const std::size_t offset = equals == 0 ? 0 : equals + 1;
    result_.taken.push_back({.option = &option,
                             .name_word = begin_ + local - (equals == 0 ? 2 : 1),
                             .has_value = true,
                             .value_word = begin_ + local - 1,
                             .offset = offset,
                             .value = words_[begin_ + local - 1].substr(offset),
                             .second = words_[begin_ + local],
                             .has_second = true});
  }

  /// What CLI11 could not place: plain words and unknown options, in order.
  void read_extras(const std::vector<std::string>& extras) {
    std::size_t from = 0;
    for (const std::string& extra : extras) {
      if (const auto word = marked_word(extra)) {
        if (stop_) {
          result_.end = *word;
          return;
        }
        const auto place = std::ranges::upper_bound(result_.taken, *word, {}, &Taken::last_word);
        result_.taken.insert(place, {.option = nullptr,
                                     .name_word = *word,
                                     .has_value = true,
                                     .value_word = *word,
                                     .offset = 0,
                                     .value = words_[*word]});
      } else if (!result_.unknown) {
        while (from < masked_.size() && !holds(masked_[from], extra)) ++from;
        if (from == masked_.size()) continue;
        const std::string& token = masked_[from];
        result_.unknown = UnknownOption{
            .name = extra.starts_with("--") ? extra.substr(0, extra.find('=')) : extra.substr(0, 2),
            .word = begin_ + from,
            .offset = token == extra ? 0 : token.size() - extra.size() + 1};
      }
    }
  }

  /// Whether `extra` is the word `token` or what was left of its letters.
  static bool holds(std::string_view token, std::string_view extra) {
    if (token == extra) return true;
    return token.size() > 1 && token[0] == '-' && token[1] != '-' && extra[0] == '-' && extra[1] != '-' &&
           token.ends_with(extra.substr(1));
  }

  Words words_;
  std::size_t begin_, end_;
  bool stop_;
  std::vector<std::string> masked_;
  std::vector<std::string> left_;
  TakenWords result_;
  CLI::App app_;
};

}  // namespace

std::expected<TakenWords, PlanError> take_words(Words words, std::size_t begin, std::size_t end,
                                                std::span<const OptionDeclaration* const> options,
                                                bool stop_at_plain) {
  try {
    return Matcher(words, begin, end, options, stop_at_plain).run();
  } catch (const CLI::Error& error) {  // a fault in a declaration, such as two options of one name
    return std::unexpected(PlanError{.message = error.what(), .hint = {}, .word = begin});
  }
}

}  // namespace sz::plan

#pragma once

#include <span>
#include <string_view>

namespace sz::doc {

/// A page of `sz help TOPIC` and a section of the manual, in the words of both.
struct Topic {
  std::string_view name;     ///< as in plan::topics
  std::string_view summary;  ///< one phrase, lower case, no full stop
  std::string_view text;     ///< paragraphs as wrap() takes them
};

/// In the order of plan::topics.
std::span<const Topic> topics();

/// nullptr if there is none.
const Topic* find_topic(std::string_view name);

}  // namespace sz::doc

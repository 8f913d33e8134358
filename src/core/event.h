#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <variant>

#include "core/time.h"

namespace sz {

class Stage;

/// A value that is one JSON text already, such as a key.
struct JsonText {
  std::string_view text;
};

/// One member of an event. Texts are lent.
struct EventField {
  using Value = std::variant<std::uint64_t, std::string_view, JsonText, Time, Duration>;
  std::string_view name;
  Value value;  ///< an instant is written as RFC 3339 text, a duration as a number of seconds
};

/// One thing that happened to the pipeline itself, for --events (SPEC 5). Lent for the call.
struct Event {
  std::string_view kind;         ///< `group_closed`
  const Stage* stage = nullptr;  ///< where; nullptr for the run as a whole
  std::optional<Time> clock;     ///< under --time: the stream's clock there
  std::initializer_list<EventField> fields;
};

}  // namespace sz

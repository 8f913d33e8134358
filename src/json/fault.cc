#include "json/fault.h"

namespace sz::json {

std::string_view phrase(FaultCode code) {
  switch (code) {
    case FaultCode::none:
      return "no fault";
    case FaultCode::bad_utf8:
      return "invalid UTF-8";
    case FaultCode::control_character:
      return "unescaped control character in a string";
    case FaultCode::unclosed_string:
      return "string without an end";
    case FaultCode::bad_escape:
      return "invalid escape";
    case FaultCode::bad_number:
      return "invalid number";
    case FaultCode::bad_literal:
      return "invalid literal";
    case FaultCode::expected_value:
      return "expected a value";
    case FaultCode::expected_key:
      return "expected a quoted key";
    case FaultCode::expected_colon:
      return "expected ':' after a key";
    case FaultCode::expected_comma:
      return "expected ',' or a closing bracket";
    case FaultCode::unclosed_container:
      return "array or object without an end";
    case FaultCode::trailing_text:
      return "text after the value";
    case FaultCode::too_deep:
      return "nested too deep";
  }
  return "unknown fault";
}

}  // namespace sz::json

#include <bit>
#include <cstdint>

#include <simdjson.h>

#include "json/oracle.h"
#include "json/write.h"

namespace sz::json {
namespace {

void describe(std::string& out, const simdjson::dom::element& value) {
  using simdjson::dom::element_type;
  switch (value.type()) {
    case element_type::NULL_VALUE:
      out += 'n';
      return;
    case element_type::BOOL:
      out += value.get_bool().value_unsafe() ? 't' : 'f';
      return;
    case element_type::INT64:
      out += number_text(static_cast<long long>(value.get_int64().value_unsafe()));
      return;
    case element_type::UINT64:
      out += number_text(static_cast<double>(value.get_uint64().value_unsafe()));
      return;
    case element_type::DOUBLE:
      out += number_text(value.get_double().value_unsafe());
      return;
    case element_type::STRING:
      append_string(out, value.get_string().value_unsafe());
      return;
    case element_type::ARRAY:
      out += '[';
      for (const simdjson::dom::element element : simdjson::dom::array(value.get_array().value_unsafe())) {
        describe(out, element);
        out += ',';
      }
      out += ']';
      return;
    case element_type::OBJECT:
      out += '{';
      for (const auto member : simdjson::dom::object(value.get_object().value_unsafe())) {
        append_string(out, member.key);
        out += ':';
        describe(out, member.value);
        out += ',';
      }
      out += '}';
      return;
  }
}

}  // namespace

std::string number_text(long long i) { return std::to_string(i); }
std::string number_text(double d) { return std::to_string(std::bit_cast<std::uint64_t>(d)) + "#"; }

std::optional<std::string> simdjson_dom(std::string_view text) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element value;
  if (parser.parse(text.data(), text.size(), true).get(value) != simdjson::SUCCESS) return std::nullopt;
  std::string out;
  describe(out, value);
  return out;
}

}  // namespace sz::json

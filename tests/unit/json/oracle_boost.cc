#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>

#include "json/oracle.h"
#include "json/write.h"

namespace sz::json {
namespace {

/// Takes every event and keeps nothing.
struct Silent {
  static constexpr std::size_t max_object_size = ~std::size_t{0}, max_array_size = max_object_size,
                               max_key_size = max_object_size, max_string_size = max_object_size;
  using Error = boost::json::error_code;
  using Text = boost::json::string_view;
  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t, Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_object_end(std::size_t, Error&) { return true; }
  bool on_string_part(Text, std::size_t, Error&) { return true; }
  bool on_string(Text, std::size_t, Error&) { return true; }
  bool on_key_part(Text, std::size_t, Error&) { return true; }
  bool on_key(Text, std::size_t, Error&) { return true; }
  bool on_number_part(Text, Error&) { return true; }
  bool on_int64(std::int64_t, Text, Error&) { return true; }
  bool on_uint64(std::uint64_t, Text, Error&) { return true; }
  bool on_double(double, Text, Error&) { return true; }
  bool on_bool(bool, Error&) { return true; }
  bool on_null(Error&) { return true; }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }
};

boost::json::parse_options options() {
  boost::json::parse_options o;
  o.max_depth = 1024;
  return o;
}

void describe(std::string& out, const boost::json::value& value) {
  using boost::json::kind;
  switch (value.kind()) {
    case kind::null:
      out += 'n';
      return;
    case kind::bool_:
      out += value.get_bool() ? 't' : 'f';
      return;
    case kind::int64:
      out += number_text(static_cast<long long>(value.get_int64()));
      return;
    case kind::uint64:
      out += number_text(static_cast<double>(value.get_uint64()));
      return;
    case kind::double_:
      out += number_text(value.get_double());
      return;
    case kind::string:
      append_string(out, std::string_view(value.get_string().data(), value.get_string().size()));
      return;
    case kind::array:
      out += '[';
      for (const auto& element : value.get_array()) {
        describe(out, element);
        out += ',';
      }
      out += ']';
      return;
    case kind::object:
      out += '{';
      for (const auto& member : value.get_object()) {
        append_string(out, std::string_view(member.key().data(), member.key().size()));
        out += ':';
        describe(out, member.value());
        out += ',';
      }
      out += '}';
      return;
  }
}

}  // namespace

bool boost_accepts(std::string_view text) {
  boost::json::basic_parser<Silent> parser(options());
  boost::json::error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  return !error && used == text.size();
}

std::optional<std::string> boost_value(std::string_view text) {
  boost::json::error_code error;
  const auto value = boost::json::parse(text, error, {}, options());
  if (error) return std::nullopt;
  std::string out;
  describe(out, value);
  return out;
}

}  // namespace sz::json

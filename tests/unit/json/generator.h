#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace sz::json {

/// Random JSON texts and damage to them, from a seed.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return random_() % n; }

  std::string document(int depth) {
    std::string out = space();
    value(out, depth);
    return out + space();
  }

  /// Changes one to three places: a byte changed, removed, doubled, put in, two swapped, the end cut off, a
  /// piece copied.
  std::string mutate(std::string s) {
    static constexpr char spice[] =
        "{}[]:,\"\\0123456789-+.eEtfnu \t\r\x0c\x1a\x1e\x7f\x00\x80\xc3\xa9\xe2\x82\xf0\xff/*#'aZ";
    for (std::size_t n = 1 + below(3); n != 0; --n) {
      if (s.empty()) return s;
      const std::size_t at = below(s.size());
      const char c = spice[below(sizeof spice - 1)];
      switch (below(8)) {
        case 0:
          s[at] = c;
          break;
        case 1:
          s.erase(at, 1);
          break;
        case 2:
          s.insert(at, 1, s[at]);
          break;
        case 3:
          s.insert(at, 1, c);
          break;
        case 4:
          std::swap(s[at], s[below(s.size())]);
          break;
        case 5:
          s.resize(at);
          break;
        case 6:
          s.insert(below(s.size()), s.substr(at, below(12)));
          break;
        default:
          s[at] = static_cast<char>(random_());
      }
    }
    return s;
  }

 private:
  std::string space() {
    static constexpr const char* spaces[] = {"", "", "", "", "", " ", "  ", "\t", "\r", " \t "};
    return spaces[below(std::size(spaces))];
  }

  void value(std::string& out, int depth) {
    switch (below(depth > 0 ? 10 : 6)) {
      case 0:
        out += "null";
        return;
      case 1:
        out += below(2) != 0 ? "true" : "false";
        return;
      case 2:
      case 3:
        number(out);
        return;
      case 4:
      case 5:
        string(out);
        return;
      case 6:
      case 7:
        out += '[' + space();
        for (std::size_t i = 0, n = below(5); i < n; ++i) {
          if (i != 0) out += ',' + space();
          value(out, depth - 1);
          out += space();
        }
        out += ']';
        return;
      default:
        out += '{' + space();
        for (std::size_t i = 0, n = below(5); i < n; ++i) {
          if (i != 0) out += ',' + space();
          string(out);
          out += space() + ':' + space();
          value(out, depth - 1);
          out += space();
        }
        out += '}';
    }
  }

  void number(std::string& out) {
    if (below(3) == 0) out += '-';
    if (below(4) == 0) {
      out += '0';
    } else {
      out += static_cast<char>('1' + below(9));
      digits(out, below(4) == 0 ? below(24) : below(5));
    }
    if (below(3) == 0) {
      out += '.';
      digits(out, 1 + below(below(4) == 0 ? 24 : 4));
    }
    if (below(5) == 0) {
      out += below(2) != 0 ? 'e' : 'E';
      if (below(2) != 0) out += below(2) != 0 ? '+' : '-';
      digits(out, 1 + below(3));
    }
  }
  void digits(std::string& out, std::size_t n) {
    for (; n != 0; --n) out += static_cast<char>('0' + below(10));
  }

  void string(std::string& out) {
    static constexpr const char* pieces[] = {
        "a",
        "key",
        "id",
        "\\n",
        "\\\\",
        "\\\"",
        "\\u0041",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\/",
        "\\b",
        "\\f",
        "\\r",
        "\\t",
        "é",
        "€",
        "😀",
        "\x7f",
        " ",
        "{[:,]}",
        "\\u0000",
        "\\uFFFF",
        "some longer text without anything special in it, about sixty bytes",
        "\\\\\\\""};
    out += '"';
    for (std::size_t n = below(4); n != 0; --n) {
      if (below(200) == 0) {
        out += below(2) != 0 ? "\\ud800" : "\\uDC01";
      } else {
        out += pieces[below(below(2) != 0 ? 3 : std::size(pieces))];
      }
    }
    out += '"';
  }

  std::mt19937_64 random_;
};

}  // namespace sz::json

#pragma once

#include <string>

#include "json/node.h"

namespace sz::json {

/// Appends an array whose elements `append` writes.
inline void append_array(std::string& out, const Node& array, void (*append)(std::string&, const Node&)) {
  char separator = '[';
  for (const Node element : array.elements()) {
    out += separator;
    separator = ',';
    append(out, element);
  }
  out += separator == '[' ? "[]" : "]";
}

}  // namespace sz::json

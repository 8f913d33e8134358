#include "run/last_words.h"

#include <exception>
#include <new>
#include <string_view>
#include <system_error>

#include <boost/system/system_error.hpp>

#include "run/descriptor.h"
#include "run/process.h"

namespace sz::run {
namespace {

void complain_of(int error) { complain("cannot go on: " + system_words(error)); }

}  // namespace

void say_last_words() noexcept {
  constexpr std::string_view no_memory = "sz: out of memory\n";
  try {
    try {
      throw;
    } catch (const std::bad_alloc&) {
      write_all(2, no_memory);
    } catch (const boost::system::system_error& fault) {
      complain_of(fault.code().value());
    } catch (const std::system_error& fault) {
      complain_of(fault.code().value());
    } catch (const std::exception& fault) {
      complain(fault.what());
    }
  } catch (...) {  // no memory for the words either
    write_all(2, no_memory);
  }
}

}  // namespace sz::run

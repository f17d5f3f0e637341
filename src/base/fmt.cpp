// fmt, compiled once. Debian has it as a shared library, which would load libstdc++.so at every
// start, and as headers alone, which every unit would compile again. The templates below are those
// that <fmt/format.h> declares and expects a library to instantiate; the rest of the library are
// ordinary functions.
#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {

template FMT_API auto thousands_sep_impl(locale_ref) -> thousands_sep_result<char>;
template FMT_API auto decimal_point_impl(locale_ref) -> char;
template FMT_API void buffer<char>::append(const char*, const char*);
template FMT_API void vformat_to(buffer<char>&, string_view,
                                 basic_format_args<FMT_BUFFER_CONTEXT(char)>, locale_ref);

}  // namespace detail
FMT_END_NAMESPACE

#include "sandbox/tls.h"

#include "base/error.h"

#include <array>
#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace sandbox {
namespace {

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* object) const noexcept {
    release(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Release<BIO_free>>;

constexpr long lifetime = 365 * 86400;  // seconds
constexpr long head_start = 86400;      // for clients whose clock is a little late

[[noreturn]] void fail(const char* what) {
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  throw base::Error(base::ErrorKind::failed, fmt::format("TLS: {}: {}", what, reason.data()));
}

void check(bool good, const char* what) {
  if (!good) fail(what);
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"));
  check(key != nullptr, "cannot make a key");
  return key;
}

void add_extension(X509* certificate, X509* issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value));
  check(extension && X509_add_ext(certificate, extension.get(), -1), "cannot add an extension");
}

// Without an issuer, the certificate is its own.
Certificate make_certificate(const char* name, EVP_PKEY* key, X509* issuer) {
  Certificate certificate(X509_new());
  check(certificate != nullptr, "cannot make a certificate");
  X509* const x = certificate.get();
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), issuer ? 2 : 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -head_start);
  X509_gmtime_adj(X509_getm_notAfter(x), lifetime);
  X509_set_pubkey(x, key);
  X509_NAME* const subject = X509_get_subject_name(x);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer) : subject);
  return certificate;
}

std::string to_pem(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  check(memory && PEM_write_bio_X509(memory.get(), certificate), "cannot write a certificate");
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

// OpenSSL works on memory; the bytes go through the stream below, with its deadlines.
class TlsStream : public os::ByteStream {
 public:
  TlsStream(std::unique_ptr<os::ByteStream> below, SSL_CTX* context)
      : below_(std::move(below)), ssl_(SSL_new(context)) {
    check(ssl_ != nullptr, "cannot start");
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_.get());
  }

  void handshake(Deadline deadline) {
    run(deadline, [&] { return SSL_do_handshake(ssl_.get()); });
  }
  std::size_t read(std::span<char> buffer, Deadline deadline) override {
    return run(deadline, [&] {
      return SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
    });
  }
  void write(std::string_view bytes, Deadline deadline) override {
    if (bytes.empty()) return;
    run(deadline,
        [&] { return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); });
  }

 private:
  // The step's positive result, or 0 when the client closed the connection.
  template <typename Step>
  std::size_t run(Deadline deadline, Step step) {
    for (;;) {
      ERR_clear_error();
      const int result = step();
      flush(deadline);
      if (result > 0) return static_cast<std::size_t>(result);
      const int error = SSL_get_error(ssl_.get(), result);
      if (error == SSL_ERROR_ZERO_RETURN) return 0;
      if (error != SSL_ERROR_WANT_READ) fail("the connection broke");
      const std::size_t count = below_->read(incoming_, deadline);
      if (count == 0) return 0;
      BIO_write(SSL_get_rbio(ssl_.get()), incoming_.data(), static_cast<int>(count));
    }
  }

  void flush(Deadline deadline) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(ssl_.get()), &data);
    if (size <= 0) return;
    below_->write({data, static_cast<std::size_t>(size)}, deadline);
    BIO_reset(SSL_get_wbio(ssl_.get()));
  }

  std::unique_ptr<os::ByteStream> below_;
  std::unique_ptr<SSL, Release<SSL_free>> ssl_;
  std::array<char, 16 * 1024> incoming_{};
};

}  // namespace

struct Tls::Context {
  std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>> ssl{SSL_CTX_new(TLS_server_method())};
};

Tls::Tls() : context_(std::make_unique<Context>()) {
  const Key ca_key = make_key();
  const Certificate ca =
      make_certificate("aws-session-token sandbox, made up", ca_key.get(), nullptr);
  add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
  check(X509_sign(ca.get(), ca_key.get(), EVP_sha256()) > 0, "cannot sign a certificate");

  const Key key = make_key();
  const Certificate leaf = make_certificate("localhost", key.get(), ca.get());
  add_extension(leaf.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(leaf.get(), ca.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(leaf.get(), ca.get(), NID_ext_key_usage, "serverAuth");
  add_extension(leaf.get(), ca.get(), NID_authority_key_identifier, "keyid");
  add_extension(leaf.get(), ca.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
  check(X509_sign(leaf.get(), ca_key.get(), EVP_sha256()) > 0, "cannot sign a certificate");

  SSL_CTX* const ssl = context_->ssl.get();
  check(ssl && SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) &&
            SSL_CTX_use_certificate(ssl, leaf.get()) > 0 &&
            SSL_CTX_use_PrivateKey(ssl, key.get()) > 0,
        "cannot use the certificate");
  ca_pem_ = to_pem(ca.get());
}

Tls::~Tls() = default;

os::WrapStream Tls::layer() const {
  return [ssl = context_->ssl.get()](std::unique_ptr<os::ByteStream> below,
                                     os::ByteStream::Deadline deadline) {
    auto stream = std::make_unique<TlsStream>(std::move(below), ssl);
    stream->handshake(deadline);
    return stream;
  };
}

}  // namespace sandbox

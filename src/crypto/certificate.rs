//! Certificates: made by a key for itself, or read for the key inside. Nobody's trust hangs on them: a client takes the
//! public key out, and its fingerprint from the whole.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, IsCa, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256,
    SerialNumber, date_time_ymd,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::server::ParsedCertificate;

use super::rsa_key::{PrivateKey, PublicKey};

/// Why there is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    #[error("is not an X.509 certificate of version 3")]
    NotACertificate,
    #[error("is not for an RSA key of 2048 to 4096 bits")]
    Key,
    #[error("cannot be valid at that time")]
    Validity,
    #[error("could not be made")]
    Failed,
}

/// What a new certificate says.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub common_name: &'a str,
    /// Up to 20 bytes that no other certificate of the same name has.
    pub serial: &'a [u8],
    /// Unix seconds, rounded down to the day (UTC).
    pub not_before_s: i64,
    /// Unix seconds, rounded down to the day (UTC).
    pub not_after_s: i64,
}

/// A certificate and the public key in it.
#[derive(Clone, Debug)]
pub struct Certificate {
    der: Vec<u8>,
    public: PublicKey,
}

impl Certificate {
    /// Makes a certificate for a key, signed by the same key with RSA-SHA256. The same arguments give the same bytes.
    ///
    /// # Errors
    /// [`CertificateError::Validity`] for a time outside the calendar, [`CertificateError::Failed`] for a name or serial
    /// number that X.509 cannot hold.
    pub fn self_signed(key: &PrivateKey, subject: &Subject<'_>) -> Result<Self, CertificateError> {
        let pkcs8 = key.to_pkcs8_der().map_err(|_| CertificateError::Failed)?;
        let pair = KeyPair::from_pkcs8_der_and_sign_algo(
            &PrivatePkcs8KeyDer::from(pkcs8),
            &PKCS_RSA_SHA256,
        )
        .map_err(|_| CertificateError::Failed)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, subject.common_name);
        params.serial_number = Some(SerialNumber::from_slice(subject.serial));
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
        ];
        let (year, month, day) = date(subject.not_before_s)?;
        params.not_before = date_time_ymd(year, month, day);
        let (year, month, day) = date(subject.not_after_s)?;
        params.not_after = date_time_ymd(year, month, day);
        let certificate = params
            .self_signed(&pair)
            .map_err(|_| CertificateError::Failed)?;
        Ok(Self {
            der: certificate.der().to_vec(),
            public: key.public().clone(),
        })
    }

    /// Reads the first `CERTIFICATE` block.
    ///
    /// # Errors
    /// [`CertificateError::NotACertificate`] for anything else, [`CertificateError::Key`] for a certificate of another kind
    /// of key.
    pub fn from_pem(pem: &str) -> Result<Self, CertificateError> {
        let der = CertificateDer::from_pem_slice(pem.as_bytes());
        Self::from_der(&der.map_err(|_| CertificateError::NotACertificate)?)
    }

    /// Reads the DER of a certificate; errors as [`Self::from_pem`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let parsed = CertificateDer::from(der);
        let parsed =
            ParsedCertificate::try_from(&parsed).map_err(|_| CertificateError::NotACertificate)?;
        let spki = parsed.subject_public_key_info();
        let public = PublicKey::from_spki_der(&spki).map_err(|_| CertificateError::Key)?;
        Ok(Self {
            der: der.to_vec(),
            public,
        })
    }

    /// The certificate in DER: what fingerprints are taken of.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as a PEM block, lines ended by a line feed.
    pub fn to_pem(&self) -> String {
        pem(&self.der)
    }

    /// The key it is for.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }
}

/// A certificate in DER as a PEM block.
pub(super) fn pem(der: &[u8]) -> String {
    let text = super::encoding::base64(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.extend(line.iter().map(|letter| char::from(*letter)));
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}

/// The day of an instant. X.509 knows the years 0 to 9999.
pub(super) fn date(unix_s: i64) -> Result<(i32, u8, u8), CertificateError> {
    let instant = Timestamp::from_second(unix_s).map_err(|_| CertificateError::Validity)?;
    let date = instant.to_zoned(TimeZone::UTC).date();
    let month = u8::try_from(date.month()).map_err(|_| CertificateError::Validity)?;
    let day = u8::try_from(date.day()).map_err(|_| CertificateError::Validity)?;
    if date.year() < 0 {
        return Err(CertificateError::Validity);
    }
    Ok((i32::from(date.year()), month, day))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    use super::*;
    use crate::crypto::digest::sha256_hex;

    const SUBJECT: Subject<'_> = Subject {
        common_name: "standin request encryption",
        serial: &[1, 2, 3, 4],
        not_before_s: 1_700_000_000,
        not_after_s: 2_000_000_000,
    };

    fn key() -> PrivateKey {
        PrivateKey::generate(&mut ChaCha20Rng::from_seed([1; 32])).unwrap()
    }

    #[test]
    fn the_same_arguments_make_the_same_certificate() {
        let key = key();
        let certificate = Certificate::self_signed(&key, &SUBJECT).unwrap();
        assert_eq!(
            sha256_hex(certificate.der()),
            "3b8ba13f48864d612bd17c7d11bb279f97dc53ba2da5d59a7344a60da17986d6"
        );
        let pem = certificate.to_pem();
        assert!(pem.lines().all(|line| line.len() <= 64));
        for read in [
            Certificate::from_pem(&pem),
            Certificate::from_der(certificate.der()),
        ] {
            let read = read.unwrap();
            assert_eq!(read.der(), certificate.der());
            assert_eq!(read.public().spki_der(), key.public().spki_der());
        }
        let later = Subject {
            not_after_s: 2_000_100_000,
            ..SUBJECT
        };
        let later = Certificate::self_signed(&key, &later).unwrap();
        assert_ne!(later.der(), certificate.der());
    }

    #[test]
    fn what_cannot_be_a_certificate_is_refused_with_its_cause() {
        let key = key();
        let at = |not_after_s| {
            Certificate::self_signed(
                &key,
                &Subject {
                    not_after_s,
                    ..SUBJECT
                },
            )
            .unwrap_err()
        };
        assert_eq!(at(i64::MAX), CertificateError::Validity);
        assert_eq!(at(-70_000_000_000), CertificateError::Validity);
        for text in [
            "",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            let refused = Certificate::from_pem(text).unwrap_err();
            assert_eq!(refused, CertificateError::NotACertificate, "{text:?}");
        }
        assert_eq!(
            Certificate::from_der(b"").unwrap_err(),
            CertificateError::NotACertificate
        );
        let pair = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        let other = CertificateParams::default().self_signed(&pair).unwrap();
        assert_eq!(
            Certificate::from_der(other.der()).unwrap_err(),
            CertificateError::Key
        );
    }
}

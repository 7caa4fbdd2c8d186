//! A certificate authority and the certificates that it makes for names. Clients are told to believe it, so its key always
//! comes from the machine's randomness: whoever could compute it could pretend to be anybody to them.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use x509_parser::parse_x509_certificate;

use super::certificate::{CertificateError, date};

const DAY_S: i64 = 24 * 60 * 60;
/// An authority is made once and kept.
const AUTHORITY_DAYS: i64 = 10 * 365;
/// Browsers and Apple's libraries refuse certificates that are good for longer than 398 days.
const LEAF_DAYS: i64 = 397;
/// Clocks differ, and days are rounded down.
const EARLIER_DAYS: i64 = 2;

/// Why there is no authority.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    #[error("the certificate {0}")]
    Certificate(#[from] CertificateError),
    #[error("the certificate is not one of an authority")]
    NotAnAuthority,
    #[error("the key is not a private key in PEM that can sign")]
    Key,
    #[error("the key is not the certificate's")]
    OtherKey,
    #[error("the certificate was good until {0} and has expired")]
    Expired(String),
    #[error("the certificate is good from {0} on and not before")]
    Early(String),
}

/// See the module.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    pem: String,
    /// Unix seconds.
    not_after_s: i64,
    /// All certificates are for the one key, because making one for each would prove nothing more.
    leaf: KeyPair,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authority(until {})", self.not_after_s)
    }
}

impl Authority {
    /// Makes one that is good from now on.
    ///
    /// # Errors
    /// [`AuthorityError`] when the machine has no randomness or its clock stands outside the calendar.
    pub fn make(common_name: &str, now_s: i64) -> Result<Self, AuthorityError> {
        let key = new_key()?;
        let mut params = CertificateParams::default();
        params.distinguished_name = named(common_name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        good_for(&mut params, now_s, now_s + AUTHORITY_DAYS * DAY_S)?;
        let made = params.self_signed(&key).map_err(failed)?;
        Self::of(made.der().clone(), key, now_s)
    }

    /// Reads one that was made before.
    ///
    /// # Errors
    /// [`AuthorityError`], the first cause in the order of its variants.
    pub fn read(certificate: &str, key: &str, now_s: i64) -> Result<Self, AuthorityError> {
        let der = CertificateDer::from_pem_slice(certificate.as_bytes());
        let der = der.map_err(|_| CertificateError::NotACertificate)?;
        let key = KeyPair::from_pem(key).map_err(|_| AuthorityError::Key)?;
        Self::of(der, key, now_s)
    }

    fn of(
        certificate: CertificateDer<'static>,
        key: KeyPair,
        now_s: i64,
    ) -> Result<Self, AuthorityError> {
        let not_after_s = {
            let parsed = parse_x509_certificate(&certificate);
            let (_, parsed) = parsed.map_err(|_| CertificateError::NotACertificate)?;
            if !parsed.is_ca() {
                return Err(AuthorityError::NotAnAuthority);
            }
            if *parsed.public_key().raw != *rcgen::PublicKeyData::subject_public_key_info(&key) {
                return Err(AuthorityError::OtherKey);
            }
            let validity = parsed.validity();
            let (from_s, until_s) = (
                validity.not_before.timestamp(),
                validity.not_after.timestamp(),
            );
            if from_s > now_s {
                return Err(AuthorityError::Early(day(from_s)?));
            }
            if until_s <= now_s {
                return Err(AuthorityError::Expired(day(until_s)?));
            }
            until_s
        };
        let pem = super::certificate::pem(&certificate);
        let issuer = Issuer::from_ca_cert_der(&certificate, key);
        Ok(Self {
            issuer: issuer.map_err(|_| AuthorityError::NotAnAuthority)?,
            certificate,
            pem,
            not_after_s,
            leaf: new_key()?,
        })
    }

    /// Its certificate.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Its certificate as Java's keystores want it.
    pub fn der(&self) -> &[u8] {
        &self.certificate
    }

    /// Its private key, for whoever keeps it.
    pub fn key_pem(&self) -> String {
        self.issuer.key().serialize_pem()
    }

    /// The private key of every certificate that it makes.
    pub fn leaf_key(&self) -> PrivatePkcs8KeyDer<'static> {
        self.leaf.serialize_der().into()
    }

    /// A certificate for the name of a host, or for an address, with the authority's own behind it.
    ///
    /// # Errors
    /// [`CertificateError`] for what cannot stand in a certificate.
    pub fn leaf(
        &self,
        host: &str,
        now_s: i64,
    ) -> Result<[CertificateDer<'static>; 2], CertificateError> {
        let mut params = CertificateParams::new([host.to_owned()]).map_err(failed)?;
        params.distinguished_name = named("standin");
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let until = (now_s + LEAF_DAYS * DAY_S).min(self.not_after_s);
        good_for(&mut params, now_s, until)?;
        let made = params.signed_by(&self.leaf, &self.issuer).map_err(failed)?;
        Ok([made.der().clone(), self.certificate.clone()])
    }
}

fn new_key() -> Result<KeyPair, CertificateError> {
    KeyPair::generate().map_err(failed)
}

fn failed(_: rcgen::Error) -> CertificateError {
    CertificateError::Failed
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

/// A day as it is told.
fn day(unix_s: i64) -> Result<String, CertificateError> {
    let (year, month, day) = date(unix_s)?;
    Ok(format!("{year}-{month:02}-{day:02}"))
}

fn good_for(
    params: &mut CertificateParams,
    now_s: i64,
    until_s: i64,
) -> Result<(), CertificateError> {
    let (year, month, day) = date(now_s - EARLIER_DAYS * DAY_S)?;
    params.not_before = date_time_ymd(year, month, day);
    let (year, month, day) = date(until_s)?;
    params.not_after = date_time_ymd(year, month, day);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_S: i64 = 1_800_000_000;

    #[test]
    fn what_was_kept_is_the_same_authority_again() {
        let made = Authority::make("standin", NOW_S).unwrap();
        let read = Authority::read(made.pem(), &made.key_pem(), NOW_S + DAY_S).unwrap();
        assert_eq!((read.pem(), read.der()), (made.pem(), made.der()));
        let [leaf, above] = read.leaf("api.stripe.com", NOW_S).unwrap();
        assert_eq!(&*above, made.der());
        let (_, leaf) = parse_x509_certificate(&leaf).unwrap();
        let (_, authority) = parse_x509_certificate(made.der()).unwrap();
        leaf.verify_signature(Some(authority.public_key())).unwrap();
        assert!(!leaf.is_ca());
        let names = leaf.subject_alternative_name().unwrap().unwrap();
        assert!(format!("{names:?}").contains("api.stripe.com"));
        let days = (leaf.validity().not_after.timestamp() - NOW_S) / DAY_S;
        assert!((395..=397).contains(&days), "{days}");
        for address in ["127.0.0.1", "::1"] {
            assert!(read.leaf(address, NOW_S).is_ok(), "{address}");
        }
    }

    #[test]
    fn nothing_is_made_twice_alike() {
        let two = [(); 2].map(|()| Authority::make("standin", NOW_S).unwrap().key_pem());
        assert_ne!(two[0], two[1]);
    }

    #[test]
    fn what_is_no_authority_is_refused_with_its_cause() {
        let made = Authority::make("standin", NOW_S).unwrap();
        let other = Authority::make("standin", NOW_S).unwrap();
        let why = |pem: &str, key: &str, now_s| Authority::read(pem, key, now_s).unwrap_err();
        let (pem, key) = (made.pem(), made.key_pem());
        let not = AuthorityError::Certificate(CertificateError::NotACertificate);
        assert_eq!(why("", &key, NOW_S), not);
        assert_eq!(why(pem, "", NOW_S), AuthorityError::Key);
        assert_eq!(why(pem, &other.key_pem(), NOW_S), AuthorityError::OtherKey);
        let later = NOW_S + (AUTHORITY_DAYS + 1) * DAY_S;
        // NOW_S is 2027-01-15, and ten years of 365 days later is three leap days earlier.
        let until = "2037-01-12".to_owned();
        assert_eq!(why(pem, &key, later), AuthorityError::Expired(until));
        let from = "2027-01-13".to_owned();
        let earlier = NOW_S - 10 * DAY_S;
        assert_eq!(why(pem, &key, earlier), AuthorityError::Early(from));
        let [leaf, _] = made.leaf("a.test", NOW_S).unwrap();
        let leaf_key = KeyPair::try_from(&made.leaf_key()).unwrap().serialize_pem();
        let leaf = super::super::certificate::pem(&leaf);
        assert_eq!(why(&leaf, &leaf_key, NOW_S), AuthorityError::NotAnAuthority);
    }
}

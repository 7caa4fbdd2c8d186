//! How values are written where records are kept: in a file, in a snapshot. A card number has no written form anywhere else,
//! so that none is shown by accident: whoever keeps one says `#[serde(with = "written")]`.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::card::{Pan, PresentedNumber, TokenNumber};
use super::surface::SurfaceName;
use super::vocabulary::Vocabulary;
use crate::crypto::encoding::{from_hex, hex};

/// A value that is kept in another form than it is shown.
pub trait Written: Sized {
    type Form: Serialize + DeserializeOwned;

    fn form(&self) -> Self::Form;
    /// None when no value has this form.
    fn of_form(form: Self::Form) -> Option<Self>;
}

pub fn serialize<T: Written, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    value.form().serialize(to)
}

pub fn deserialize<'de, T: Written, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let form = T::Form::deserialize(from)?;
    T::of_form(form).ok_or_else(|| D::Error::custom("no such value"))
}

macro_rules! number {
    ($($name:ident)*) => {
        $(impl Written for $name {
            type Form = String;

            fn form(&self) -> String {
                self.expose()
            }

            fn of_form(form: String) -> Option<Self> {
                Self::parse(&form).ok()
            }
        })*
    };
}

number! { Pan TokenNumber PresentedNumber }

impl<T: Written> Written for Option<T> {
    type Form = Option<T::Form>;

    fn form(&self) -> Self::Form {
        self.as_ref().map(Written::form)
    }

    fn of_form(form: Self::Form) -> Option<Self> {
        form.map_or(Some(None), |form| T::of_form(form).map(Some))
    }
}

impl<const LENGTH: usize> Written for [u8; LENGTH] {
    type Form = String;

    fn form(&self) -> String {
        hex(self)
    }

    fn of_form(form: String) -> Option<Self> {
        from_hex(&form).ok()?.try_into().ok()
    }
}

/// The name of a service, which is one of a closed list.
pub type Word = &'static str;

impl Written for Word {
    type Form = String;

    fn form(&self) -> String {
        (*self).to_owned()
    }

    fn of_form(form: String) -> Option<Self> {
        SurfaceName::find(&form).map(SurfaceName::word)
    }
}

/// Bytes that usually are text.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bytes {
    Text(String),
    Bytes(Vec<u8>),
}

impl Written for Vec<u8> {
    type Form = Bytes;

    fn form(&self) -> Bytes {
        match std::str::from_utf8(self) {
            Ok(text) => Bytes::Text(text.to_owned()),
            Err(_) => Bytes::Bytes(self.clone()),
        }
    }

    fn of_form(form: Bytes) -> Option<Self> {
        match form {
            Bytes::Text(text) => Some(text.into_bytes()),
            Bytes::Bytes(bytes) => Some(bytes),
        }
    }
}

/// Gives names that are bytes their written form: hexadecimal digits.
macro_rules! in_hex {
    ($name:ty, $length:literal, $bytes:expr, $of:expr) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let bytes: fn(&$name) -> &[u8; $length] = $bytes;
                to.serialize_str(&$crate::crypto::encoding::hex(bytes(self)))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                let bytes = $crate::crypto::encoding::from_hex(&text).ok();
                let bytes = bytes.and_then(|bytes| <[u8; $length]>::try_from(bytes).ok());
                let of: fn([u8; $length]) -> $name = $of;
                bytes.map(of).ok_or_else(|| {
                    serde::de::Error::custom(concat!($length, " bytes in hexadecimal are due"))
                })
            }
        }
    };
}
pub(crate) use in_hex;

//! Endpoints. Whoever commits with those that it knows is told when another replica has changed them.

use std::sync::Arc;

use redis::Pipeline;

use super::bytes::{hex_of, read_number};
use super::keys::{Fixed, Keys};
use super::link::{Link, unreadable};
use super::script::ENDPOINTS;
use super::space::{Place, SharedSpace};
use crate::domain::webhook::{Endpoint, EndpointId};
use crate::limits::{MESSAGES_KEPT_MAX, SHARED_DONE_KEPT};
use crate::store::StoreError;

/// The endpoints of a space, as of a version of the list.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) version: String,
    pub(super) endpoints: Vec<Endpoint>,
}

/// An endpoint as it is kept: whether anything is sent there, and what it is.
pub(super) fn value(endpoint: &Endpoint) -> Result<Vec<u8>, StoreError> {
    let mark = if endpoint.disabled.is_some() {
        b'x'
    } else {
        b'o'
    };
    let mut value = vec![mark];
    serde_json::to_writer(&mut value, endpoint).map_err(|error| unreadable(&error.to_string()))?;
    Ok(value)
}

pub(super) fn read_endpoint(value: &[u8]) -> Result<Endpoint, StoreError> {
    let body = value.get(1..).unwrap_or_default();
    serde_json::from_slice(body).map_err(|error| unreadable(&format!("an endpoint: {error}")))
}

/// The ids of all endpoints.
pub(super) async fn ids(link: &Link, keys: &Keys) -> Result<Vec<EndpointId>, StoreError> {
    let mut pipe = Pipeline::new();
    pipe.cmd("HKEYS").arg(keys.fixed(Fixed::Endpoints));
    let (ids,): (Vec<Vec<u8>>,) = link.read(&pipe).await?;
    let read = |id: &Vec<u8>| read_number(id).map(EndpointId);
    let ids: Option<Vec<_>> = ids.iter().map(read).collect();
    ids.ok_or_else(|| unreadable("the id of an endpoint"))
}

impl SharedSpace {
    /// The endpoints as this process knows them. Whoever commits with them is told when they have changed.
    pub(super) async fn known_endpoints(&self, place: &Place) -> Result<Arc<Known>, StoreError> {
        if let Some(known) = self.known.read().clone() {
            return Ok(known);
        }
        let mut pipe = Pipeline::new();
        pipe.atomic();
        pipe.cmd("HGET")
            .arg(place.keys.fixed(Fixed::Meta))
            .arg("endpoints");
        pipe.cmd("HVALS").arg(place.keys.fixed(Fixed::Endpoints));
        let (version, values): (Option<String>, Vec<Vec<u8>>) = self.link.read(&pipe).await?;
        let endpoints: Result<Vec<_>, _> =
            values.iter().map(|value| read_endpoint(value)).collect();
        let mut endpoints = endpoints?;
        endpoints.sort_by_key(|endpoint| endpoint.id);
        let version = version.unwrap_or_else(|| "0".to_owned());
        let known = Arc::new(Known { version, endpoints });
        *self.known.write() = Some(Arc::clone(&known));
        Ok(known)
    }

    pub(in crate::store) async fn endpoints(&self) -> Result<Vec<Endpoint>, StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(self.own.lock().endpoints.values().cloned().collect());
        };
        // Other replicas register as well, so that what is known may be old.
        *self.known.write() = None;
        Ok(self.known_endpoints(place).await?.endpoints.clone())
    }

    pub(in crate::store) async fn register(
        &self,
        make: impl FnOnce(EndpointId) -> Endpoint,
    ) -> Result<Endpoint, StoreError> {
        let Some(place) = self.place().await? else {
            let mut own = self.own.lock();
            let endpoint = make(own.next_endpoint());
            own.register(endpoint.clone());
            return Ok(endpoint);
        };
        let kept = SHARED_DONE_KEPT.as_millis().to_string().into_bytes();
        let number = self
            .on_endpoint(place, "reserve", EndpointId(0), kept)
            .await?;
        let number = u32::try_from(number).map_err(|_| unreadable("a number of an endpoint"))?;
        if number == 0 {
            return Err(self.gone());
        }
        let endpoint = make(EndpointId(number));
        self.on_endpoint(place, "put", endpoint.id, value(&endpoint)?)
            .await?;
        Ok(endpoint)
    }

    pub(in crate::store) async fn remove(&self, id: EndpointId) -> Result<bool, StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(self.own.lock().remove(id));
        };
        let known = self.on_endpoint(place, "remove", id, Vec::new()).await?;
        Ok(known == 1)
    }

    pub(in crate::store) async fn change_endpoint(
        &self,
        endpoint: Endpoint,
    ) -> Result<(), StoreError> {
        let Some(place) = self.place().await? else {
            self.own.lock().change_endpoint(endpoint);
            return Ok(());
        };
        self.on_endpoint(place, "change", endpoint.id, value(&endpoint)?)
            .await?;
        Ok(())
    }

    async fn on_endpoint(
        &self,
        place: &Place,
        what: &str,
        id: EndpointId,
        value: Vec<u8>,
    ) -> Result<i64, StoreError> {
        let mut keys = place.keys.all_for_script(&self.replica.next_id());
        keys.push(place.keys.numbers(id));
        let args = [
            what.as_bytes().to_vec(),
            hex_of(id.0).into_bytes(),
            value,
            MESSAGES_KEPT_MAX.to_string().into_bytes(),
        ];
        let done = self.link.run(&ENDPOINTS, &keys, &args).await;
        *self.known.write() = None;
        self.wake.notify_one();
        done
    }
}

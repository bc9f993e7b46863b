//! A WebSocket of the browser, turned into things that happened and can be asked for in one's own time.
use crate::bridge::wire::PROTOCOL;
use js_sys::{ArrayBuffer, Function, Uint8Array};
use std::{cell::RefCell, collections::VecDeque, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BinaryType, Event, MessageEvent, WebSocket};

/// What happened on a socket.
pub(super) enum Happened {
    Opened,
    Closed,
    Text(String),
    Binary(Vec<u8>),
}

type Inbox = Rc<RefCell<VecDeque<Happened>>>;

/// Closes when it is dropped; nothing of it is heard after that.
pub(super) struct Socket {
    socket: WebSocket,
    inbox: Inbox,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_event: Closure<dyn FnMut(Event)>,
}

impl Socket {
    /// Begin to connect. `wake` is called whenever something has happened.
    pub fn open(url: &str, wake: &Function) -> Result<Self, JsValue> {
        let socket = WebSocket::new_with_str(url, PROTOCOL)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let inbox = Inbox::default();
        let (into, waker) = (inbox.clone(), wake.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let data = message.data();
            let happened = match data.as_string() {
                Some(text) => Happened::Text(text),
                None => Happened::Binary(Uint8Array::new(data.unchecked_ref::<ArrayBuffer>()).to_vec()),
            };
            into.borrow_mut().push_back(happened);
            let _ = waker.call0(&JsValue::NULL);
        });
        let (into, waker) = (inbox.clone(), wake.clone());
        let on_event = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            // An error is always followed by a close.
            let happened = if event.type_() == "open" { Happened::Opened } else { Happened::Closed };
            into.borrow_mut().push_back(happened);
            let _ = waker.call0(&JsValue::NULL);
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onopen(Some(on_event.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_event.as_ref().unchecked_ref()));
        Ok(Self { socket, inbox, _on_message: on_message, _on_event: on_event })
    }

    /// The oldest thing that happened.
    pub fn happened(&self) -> Option<Happened> {
        self.inbox.borrow_mut().pop_front()
    }

    /// What is lost with the connection is sent again under the same identity.
    pub fn send(&self, text: &str) {
        let _ = self.socket.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onmessage(None);
        self.socket.set_onopen(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}

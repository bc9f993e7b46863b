//! `cargo dev start`: build, then serve the page.

use crate::build;
use crate::problem::Problem;
use crate::project::Project;
use crate::serve::{self, Server};
use crate::steps::{Clock, shown};

pub const PORT: u16 = 8420;

pub fn parse_port(text: &str) -> Result<u16, Problem> {
    text.parse().map_err(|_| Problem::Port(text.into()))
}

pub fn start(project: &Project, port: u16) -> Result<(), Problem> {
    let clock = Clock::start();
    let listener = serve::listen(port)?;
    build::page(project)?;
    let server = Server::start(project.root.join("www"), listener)?;
    println!("\n   ready after {}: {}   (Ctrl-C ends it)", shown(clock.read()), server.url());
    server.wait()
}

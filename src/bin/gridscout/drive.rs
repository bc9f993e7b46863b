//! `gridscout drive`: the planner without a browser, over a gateway.
use crate::{
    Outcome,
    config::Source,
    dial::{Address, Gateway, NotConnected, Socket},
    print_json,
};
use futures_util::{SinkExt, StreamExt};
use gridscout::{
    bridge::client::{self, Client},
    campaign::{Campaign, Input, Output, Record, World},
    error::ConfigError,
};
use std::{path::PathBuf, time::Duration};
use tokio_tungstenite::tungstenite::Message;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    address: Address,
    /// Name of the run; a run that is begun again goes on where the journal ends.
    #[arg(long, default_value = "run")]
    run: String,
    /// Write the record to a file.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the summary as JSON.
    #[arg(long)]
    json: bool,
}

const TICK: Duration = Duration::from_millis(100);

pub fn run(args: &Args) -> Outcome {
    let gateway = args.address.gateway()?;
    let config = args.source.load()?;
    let seed = config.seed;
    let mut world = World::new(config);
    while world.advance(1000.0)? < 1.0 {}
    let (mut campaign, _) = world.open()?;
    let client = Client::new(&args.run, &gateway.secret, seed);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(drive(&mut campaign, client, &gateway))?;
    if let Some(path) = &args.out {
        std::fs::write(path, Record::of(&mut campaign).to_text())
            .map_err(|e| ConfigError::new("--out", path.display(), format!("a file that can be written ({e})")))?;
    }
    let summary = campaign.summary();
    if args.json {
        return print_json(&summary);
    }
    say!("{} measurements in {} regions, digest {}", summary.measurements, summary.regions_visited, summary.digest);
    Ok(())
}

async fn drive(campaign: &mut Campaign, mut client: Client, gateway: &Gateway) -> Outcome {
    let began = tokio::time::Instant::now();
    let now_ms = || u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut socket: Option<Socket> = None;
    campaign.handle(Input::Start);
    loop {
        while let Some(output) = next(campaign, &mut client, now_ms()) {
            match output {
                client::Output::Connect => match gateway.connect().await {
                    Ok(opened) => {
                        socket = Some(opened);
                        client.handle(now_ms(), client::Input::Opened);
                    }
                    Err(NotConnected::Stranger(error)) => return Err(error.into()),
                    Err(NotConnected::Yet(error)) => {
                        eprintln!("not connected: {error}");
                        client.handle(now_ms(), client::Input::Closed);
                    }
                },
                client::Output::Send(text) => {
                    if let Some(open) = &mut socket {
                        // What is lost with the connection is sent again under the same identity.
                        let _ = open.send(Message::text(text)).await;
                    }
                }
                client::Output::Close => {
                    if let Some(mut open) = socket.take() {
                        let _ = tokio::time::timeout(TICK, open.close(None)).await;
                    }
                }
                client::Output::Reply(reply) => campaign.handle(Input::Reply(reply)),
                client::Output::Heard(_) => {}
                client::Output::Failed(refusal) => return Err(refusal.into()),
            }
        }
        if campaign.ended().is_some() {
            client.handle(now_ms(), client::Input::Finish);
            while let Some(output) = client.poll() {
                if let (client::Output::Send(text), Some(open)) = (output, &mut socket) {
                    let _ = open.send(Message::text(text)).await;
                }
            }
            return Ok(());
        }
        let input = match hear(&mut socket).await {
            Some(Ok(Message::Text(text))) => client::Input::Frame(text.as_str().to_owned()),
            Some(Ok(Message::Close(_)) | Err(_)) => {
                socket = None;
                client::Input::Closed
            }
            Some(Ok(_)) | None => client::Input::Tick(campaign.entries().len() as u64),
        };
        client.handle(now_ms(), input);
    }
}

/// The next thing to do; what the campaign wants goes to the client first.
fn next(campaign: &mut Campaign, client: &mut Client, now_ms: u64) -> Option<client::Output> {
    if let Output::Send(request) = campaign.poll() {
        client.handle(now_ms, client::Input::Ask(request));
    }
    client.poll()
}

/// A message, or nothing within a tick.
async fn hear(socket: &mut Option<Socket>) -> Option<Result<Message, Box<dyn std::error::Error>>> {
    let Some(open) = socket else {
        tokio::time::sleep(TICK).await;
        return None;
    };
    match tokio::time::timeout(TICK, open.next()).await {
        Ok(Some(message)) => Some(message.map_err(Into::into)),
        Ok(None) => Some(Err("closed".into())),
        Err(_) => None,
    }
}

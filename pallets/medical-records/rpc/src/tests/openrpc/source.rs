//! The methods as the source declares them, with their documentation.

use syn::{
	Attribute, Expr, FnArg, GenericArgument, Item, ItemTrait, Lit, LitStr, Meta, Pat,
	PathArguments, ReturnType, TraitItem, TraitItemFn, Type,
};

/// A parameter.
pub struct Parameter {
	pub name: String,
	/// Without the `Option` that makes it optional.
	pub kind: String,
	pub required: bool,
}

/// What a subscription has besides.
pub struct Subscription {
	pub notification: String,
	pub unsubscribe: String,
	pub item: String,
}

/// A method.
pub struct Method {
	pub name: String,
	pub summary: String,
	pub description: String,
	pub parameters: Vec<Parameter>,
	/// The type of the answer; none for a subscription.
	pub answer: Option<String>,
	pub subscription: Option<Subscription>,
	/// Whether it is answered on a thread of its own.
	pub blocking: bool,
}

const SOURCES: [&str; 3] = [
	include_str!("../../../../../consortium/rpc/src/api.rs"),
	include_str!("../../../../../delegation/rpc/src/api.rs"),
	include_str!("../../api.rs"),
];

/// All methods of all traits in the crates' `api.rs`, in their order.
pub fn methods() -> Vec<Method> {
	let items = SOURCES.iter().flat_map(|source| syn::parse_file(source).unwrap().items);
	let traits = items.filter_map(|item| match item {
		Item::Trait(found) => Some(found),
		_ => None,
	});
	traits.flat_map(of_trait).collect()
}

fn of_trait(found: ItemTrait) -> Vec<Method> {
	let functions = found.items.into_iter().filter_map(|item| match item {
		TraitItem::Fn(function) => Some(function),
		_ => None,
	});
	functions.map(method).collect()
}

fn method(function: TraitItemFn) -> Method {
	let (summary, description) = documentation(&function.attrs);
	let parameters = function.sig.inputs.iter().filter_map(parameter).collect();
	let named = |name: &str| function.attrs.iter().find(|found| found.path().is_ident(name));
	if let Some(attribute) = named("subscription") {
		let (name, subscription) = subscription(attribute);
		let subscription = Some(subscription);
		let (answer, blocking) = (None, false);
		return Method { name, summary, description, parameters, answer, subscription, blocking };
	}
	let (mut name, mut blocking) = (String::new(), false);
	let attribute = named("method").expect("a method's name");
	attribute
		.parse_nested_meta(|meta| {
			if meta.path.is_ident("name") {
				name = meta.value()?.parse::<LitStr>()?.value();
			}
			blocking |= meta.path.is_ident("blocking");
			Ok(())
		})
		.unwrap();
	let ReturnType::Type(_, answer) = &function.sig.output else { panic!("{name} answers") };
	let answer = text(answer);
	let answer = answer.strip_prefix("RpcResult<").and_then(|rest| rest.strip_suffix('>'));
	let answer = Some(answer.expect("an RpcResult").to_owned());
	Method { name, summary, description, parameters, answer, subscription: None, blocking }
}

fn subscription(attribute: &Attribute) -> (String, Subscription) {
	let (mut name, mut notification) = (String::new(), String::new());
	let (mut unsubscribe, mut item) = (String::new(), String::new());
	attribute
		.parse_nested_meta(|meta| {
			let value = meta.value()?;
			if meta.path.is_ident("name") {
				name = value.parse::<LitStr>()?.value();
				value.parse::<syn::Token![=>]>()?;
				notification = value.parse::<LitStr>()?.value();
			} else if meta.path.is_ident("unsubscribe") {
				unsubscribe = value.parse::<LitStr>()?.value();
			} else {
				item = text(&value.parse::<Type>()?);
			}
			Ok(())
		})
		.unwrap();
	(name, Subscription { notification, unsubscribe, item })
}

/// The first paragraph, and the rest.
fn documentation(attributes: &[Attribute]) -> (String, String) {
	let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
		Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
			Expr::Lit(literal) => match &literal.lit {
				Lit::Str(line) => Some(line.value().trim().to_owned()),
				_ => None,
			},
			_ => None,
		},
		_ => None,
	});
	let lines: Vec<_> = lines.collect();
	let mut paragraphs = lines.split(|line| line.is_empty()).map(|lines| lines.join(" "));
	let summary = paragraphs.next().unwrap_or_default();
	assert!(summary.ends_with('.'), "a sentence: {summary}");
	(summary, paragraphs.collect::<Vec<_>>().join("\n\n"))
}

fn parameter(argument: &FnArg) -> Option<Parameter> {
	let FnArg::Typed(typed) = argument else { return None };
	let Pat::Ident(name) = &*typed.pat else { panic!("parameters have names") };
	let kind = text(&typed.ty);
	let inner = kind.strip_prefix("Option<").and_then(|rest| rest.strip_suffix('>'));
	let required = inner.is_none();
	let kind = inner.unwrap_or(&kind).to_owned();
	Some(Parameter { name: name.ident.to_string(), kind, required })
}

/// A type as it is written.
fn text(found: &Type) -> String {
	let Type::Path(path) = found else { panic!("types are paths") };
	let last = path.path.segments.last().unwrap();
	let arguments = match &last.arguments {
		PathArguments::AngleBracketed(arguments) => {
			let arguments: Vec<_> = arguments
				.args
				.iter()
				.map(|argument| match argument {
					GenericArgument::Type(found) => text(found),
					_ => panic!("types have types as parameters"),
				})
				.collect();
			format!("<{}>", arguments.join(", "))
		},
		_ => String::new(),
	};
	format!("{}{arguments}", last.ident)
}
